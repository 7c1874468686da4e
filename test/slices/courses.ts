/** Courses with a limited number of places: the example with which dcb.events begins. */
import { boundary, defineEvent, defineSlice } from 'dog-school'
import { z } from 'zod'

const course = (payload: { course: string }) => [`course:${payload.course}`]
const both = (payload: { course: string; student: string }) => [...course(payload), `student:${payload.student}`]

export const CourseDefined = defineEvent('CourseDefined', z.object({ course: z.string(), capacity: z.int() }), {
  tags: course,
})
export const CapacityChanged = defineEvent('CapacityChanged', z.object({ course: z.string(), capacity: z.int() }), {
  tags: course,
})
export const StudentEnrolled = defineEvent('StudentEnrolled', z.object({ course: z.string(), student: z.string() }), {
  tags: both,
})

/** Undefined if there is no such course. */
export const capacityOf = (course: string) =>
  boundary(undefined as number | undefined, `course:${course}`)
    .on(CourseDefined, (_, { payload }) => payload.capacity)
    .on(CapacityChanged, (_, { payload }) => payload.capacity)
export const studentsOf = (course: string) =>
  boundary(new Set<string>(), `course:${course}`).on(StudentEnrolled, (students, { payload }) =>
    students.add(payload.student),
  )
export const coursesOf = (student: string) =>
  boundary(0, `student:${student}`).on(StudentEnrolled, (courses) => courses + 1)

export const define = defineSlice({
  name: 'define',
  boundary: ({ course }: { course: string; capacity: number }) => ({ capacity: capacityOf(course) }),
  decide({ capacity }, params) {
    if (capacity !== undefined) throw new Error(`There is a course ${params.course} already`)
    return CourseDefined.of(params)
  },
})

export const change = defineSlice({
  name: 'change',
  boundary: ({ course }: { course: string; capacity: number }) => ({ now: capacityOf(course) }),
  decide({ now }, params) {
    if (now === undefined) throw new Error(`There is no course ${params.course}`)
    return now === params.capacity ? undefined : CapacityChanged.of(params)
  },
})

export const enrol = defineSlice({
  name: 'enrol',
  boundary: ({ course, student }: { course: string; student: string }) => ({
    capacity: capacityOf(course),
    students: studentsOf(course),
    courses: coursesOf(student),
  }),
  decide({ capacity, students, courses }, { course, student }) {
    if (capacity === undefined) throw new Error(`There is no course ${course}`)
    if (students.has(student)) throw new Error(`${student} is in ${course} already`)
    if (students.size >= capacity) throw new Error(`${course} is full`)
    if (courses >= 3) throw new Error(`${student} has 3 courses already`)
    return [StudentEnrolled.of({ course, student })]
  },
})
