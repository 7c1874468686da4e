/**
 * The rules of the six examples of the DCB specification (https://dcb.events/examples), in words of our own: what each
 * command reads, and what follows from it. They know neither a store nor a library, so that more than one can run them.
 */

/** Something that happened: with the moment, in minutes before now, where a rule asks for it. */
export interface Fact {
  readonly type: keyof typeof tags
  // biome-ignore lint/suspicious/noExplicitAny: each type of fact has its own
  readonly data: Readonly<Record<string, any>>
  readonly minutesAgo?: number
}

export const fact = (type: Fact['type'], data: Fact['data'], minutesAgo?: number): Fact => ({
  type,
  data,
  ...(minutesAgo !== undefined && { minutesAgo }),
})

/** What each fact is about. */
export const tags = {
  CourseDefined: ({ course }) => [`course:${course}`],
  CapacityChanged: ({ course }) => [`course:${course}`],
  StudentSubscribed: ({ student, course }) => [`student:${student}`, `course:${course}`],
  AccountRegistered: ({ username }) => [`username:${username}`],
  AccountClosed: ({ username }) => [`username:${username}`],
  UsernameChanged: ({ from, to }) => [`username:${from}`, `username:${to}`],
  SignUpBegun: ({ email, token }) => [`email:${email}`, `token:${token}`],
  SignUpConfirmed: ({ email, token }) => [`email:${email}`, `token:${token}`],
  InvoiceCreated: ({ number }) => [`invoice:${number}`],
  OrderPlaced: ({ order, key }) => [`order:${order}`, `key:${key}`],
  ProductDefined: ({ product }) => [`product:${product}`],
  PriceChanged: ({ product }) => [`product:${product}`],
  ProductsOrdered: ({ items }) => (items as Item[]).map(({ product }) => `product:${product}`),
  // biome-ignore lint/suspicious/noExplicitAny: each type of fact has its own
} satisfies Record<string, (data: Record<string, any>) => string[]>

/** A state that follows from the facts with all of these tags. */
export interface View<S> {
  readonly tags: readonly string[]
  readonly start: S
  readonly on: { readonly [T in Fact['type']]?: (state: S, fact: Required<Fact>) => S }
}

/** A command: the states that it depends on, and the fact that follows from them, or the reason why none does. */
export interface Rule {
  // biome-ignore lint/suspicious/noExplicitAny: each view has its own state
  readonly views: Readonly<Record<string, View<any>>>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly decide: (states: any) => Fact | string
}

const view = <S>(start: S, tags: readonly string[], on: View<S>['on']): View<S> => ({ start, tags, on })
const count = (type: Fact['type'], ...tags: string[]) => view(0, tags, { [type]: (n: number) => n + 1 })
const happened = (type: Fact['type'], ...tags: string[]) => view(false, tags, { [type]: () => true })

const capacityOf = (course: string) =>
  view(0, [`course:${course}`], {
    CourseDefined: (_, { data }) => data.capacity,
    CapacityChanged: (_, { data }) => data.capacity,
  })

/** A name that is free again stays reserved for so many days. */
const isTaken = (username: string, days: number) => {
  const isFresh = ({ minutesAgo }: Required<Fact>) => minutesAgo <= days * 24 * 60
  return view(false, [`username:${username}`], {
    AccountRegistered: () => true,
    AccountClosed: (_, fact) => isFresh(fact),
    UsernameChanged: (_, fact) => fact.data.to === username || isFresh(fact),
  })
}

/** What is ordered, and the price that the customer was shown. */
export interface Item {
  readonly product: string
  readonly price: number
}

/** The prices at which a product can be ordered: a former one for so many minutes after it was changed. */
const pricesOf = (product: string, minutes: number) =>
  view<readonly number[]>([], [`product:${product}`], {
    ProductDefined: (_, { data }) => [data.price],
    PriceChanged: (prices, { data, minutesAgo }) => [...(minutesAgo <= minutes ? prices : []), data.price],
  })

interface SignUp {
  readonly name: string
  readonly isUsed: boolean
  readonly isLate: boolean
}

export const commands = {
  defineCourse: ({ course, capacity }: { course: string; capacity: number }): Rule => ({
    views: { exists: happened('CourseDefined', `course:${course}`) },
    decide: ({ exists }) => (exists ? `Course ${course} exists already` : fact('CourseDefined', { course, capacity })),
  }),

  changeCapacity: ({ course, capacity }: { course: string; capacity: number }): Rule => ({
    views: { exists: happened('CourseDefined', `course:${course}`), before: capacityOf(course) },
    decide({ exists, before }) {
      if (!exists) return `There is no course ${course}`
      if (before === capacity) return `Course ${course} has ${capacity} places already`
      return fact('CapacityChanged', { course, capacity })
    },
  }),

  subscribe: ({ student, course }: { student: string; course: string }): Rule => ({
    views: {
      exists: happened('CourseDefined', `course:${course}`),
      capacity: capacityOf(course),
      inCourse: count('StudentSubscribed', `course:${course}`),
      ofStudent: count('StudentSubscribed', `student:${student}`),
      isIn: happened('StudentSubscribed', `student:${student}`, `course:${course}`),
    },
    decide({ exists, capacity, inCourse, ofStudent, isIn }) {
      if (!exists) return `There is no course ${course}`
      if (inCourse >= capacity) return `Course ${course} is full`
      if (isIn) return `${student} is in the course already`
      if (ofStudent >= 5) return `${student} is in 5 courses already`
      return fact('StudentSubscribed', { student, course })
    },
  }),

  register: ({ username, days = -1 }: { username: string; days?: number }): Rule => ({
    views: { taken: isTaken(username, days) },
    decide: ({ taken }) => (taken ? `${username} is taken` : fact('AccountRegistered', { username })),
  }),

  confirm: ({ email, token, minutes = Infinity }: { email: string; token: string; minutes?: number }): Rule => ({
    views: {
      signUp: view<SignUp | undefined>(undefined, [`email:${email}`, `token:${token}`], {
        SignUpBegun: (_, { data, minutesAgo }) => ({ name: data.name, isUsed: false, isLate: minutesAgo > minutes }),
        SignUpConfirmed: (state) => state && { ...state, isUsed: true },
      }),
    },
    decide({ signUp }: { signUp?: SignUp }) {
      if (!signUp) return 'Nobody has begun to sign up with this token and address'
      if (signUp.isUsed) return 'The token was used already'
      if (signUp.isLate) return 'The token has expired'
      return fact('SignUpConfirmed', { email, token, name: signUp.name })
    },
  }),

  createInvoice: ({ about }: { about: object }): Rule => ({
    views: { next: view(1, [], { InvoiceCreated: (_, { data }) => data.number + 1 }) },
    decide: ({ next }) => fact('InvoiceCreated', { number: next, about }),
  }),

  placeOrder: ({ order, key }: { order: string; key: string }): Rule => ({
    views: { isPlaced: happened('OrderPlaced', `key:${key}`) },
    decide: ({ isPlaced }) => (isPlaced ? 'The order was placed already' : fact('OrderPlaced', { order, key })),
  }),

  orderProducts: ({ items, minutes = 10 }: { items: readonly Item[]; minutes?: number }): Rule => ({
    views: Object.fromEntries(items.map(({ product }) => [product, pricesOf(product, minutes)])),
    decide(prices: Record<string, readonly number[]>) {
      const wrong = items.find(({ product, price }) => !prices[product]?.includes(price))
      return wrong ? `${wrong.price} is no price of ${wrong.product}` : fact('ProductsOrdered', { items })
    },
  }),
}
