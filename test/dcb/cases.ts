/**
 * The cases of the DCB specification's examples, one a row: what happened, what is wanted now, and what follows: a
 * fact, or the reason why there is none. 27 are of the five examples that were there first; the sixth is that of prices
 * that change, where one product is a cart with one in it, and the last case is our own.
 */
import { commands, type Fact, fact, type Item, type Rule } from './rules'

export interface Case {
  readonly of:
    | 'course subscriptions'
    | 'unique username'
    | 'opt-in token'
    | 'invoice number'
    | 'no duplicates'
    | 'dynamic price'
  readonly name: string
  readonly given: readonly Fact[]
  readonly when: Rule
  readonly then: Fact | string
}

const { defineCourse, changeCapacity, subscribe, register, confirm, createInvoice, placeOrder, orderProducts } =
  commands
const defined = (course: string, capacity: number) => fact('CourseDefined', { course, capacity })
const subscribed = (student: string, course: string) => fact('StudentSubscribed', { student, course })
const registered = (username: string, daysAgo?: number) => fact('AccountRegistered', { username }, minutes(daysAgo))
const closed = (username: string, daysAgo?: number) => fact('AccountClosed', { username }, minutes(daysAgo))
const renamed = (from: string, to: string, daysAgo?: number) => fact('UsernameChanged', { from, to }, minutes(daysAgo))
const minutes = (days: number | undefined) => days && days * 24 * 60
const john = { email: 'john@example.com', token: '1234' }
const begun = (minutesAgo?: number) => fact('SignUpBegun', { ...john, name: 'John' }, minutesAgo)
const priced = (product: string, price: number, minutesAgo?: number) =>
  fact('ProductDefined', { product, price }, minutesAgo)
const changed = (product: string, price: number, minutesAgo?: number) =>
  fact('PriceChanged', { product, price }, minutesAgo)
const item =
  (product: string) =>
  (price: number): Item => ({ product, price })
const [leash, ball] = [item('leash'), item('ball')]
const order = (...items: Item[]) => orderProducts({ items })
const ordered = (...items: Item[]) => fact('ProductsOrdered', { items })
const confirmed = fact('SignUpConfirmed', { ...john, name: 'John' })

type Row = readonly [name: string, given: readonly Fact[], when: Rule, then: Fact | string]

const rows: Readonly<Record<Case['of'], readonly Row[]>> = {
  'course subscriptions': [
    [
      'a course whose id is taken',
      [defined('sit', 10)],
      defineCourse({ course: 'sit', capacity: 15 }),
      'Course sit exists already',
    ],
    ['a course with a new id', [], defineCourse({ course: 'sit', capacity: 15 }), defined('sit', 15)],
    [
      'more places in a course that is not there',
      [],
      changeCapacity({ course: 'roll', capacity: 15 }),
      'There is no course roll',
    ],
    [
      'more places in a course',
      [defined('sit', 12)],
      changeCapacity({ course: 'sit', capacity: 15 }),
      fact('CapacityChanged', { course: 'sit', capacity: 15 }),
    ],
    [
      'a student for a course that is not there',
      [],
      subscribe({ student: 'ann', course: 'roll' }),
      'There is no course roll',
    ],
    [
      'a student for a course that is full',
      [defined('sit', 3), ...['ann', 'bob', 'cleo'].map((student) => subscribed(student, 'sit'))],
      subscribe({ student: 'dan', course: 'sit' }),
      'Course sit is full',
    ],
    [
      'a student for the same course twice',
      [defined('sit', 10), subscribed('ann', 'sit')],
      subscribe({ student: 'ann', course: 'sit' }),
      'ann is in the course already',
    ],
    [
      'a student for a sixth course',
      [defined('swim', 10), ...['sit', 'roll', 'jump', 'fetch', 'stay'].map((course) => subscribed('ann', course))],
      subscribe({ student: 'ann', course: 'swim' }),
      'ann is in 5 courses already',
    ],
    [
      'a student for a course with places',
      [defined('sit', 10)],
      subscribe({ student: 'ann', course: 'sit' }),
      subscribed('ann', 'sit'),
    ],
  ],
  'unique username': [
    ['a name that is taken', [registered('ann')], register({ username: 'ann' }), 'ann is taken'],
    ['a name that nobody has', [], register({ username: 'ann' }), registered('ann')],
    [
      'the name of an account that was closed',
      [registered('ann'), closed('ann')],
      register({ username: 'ann' }),
      registered('ann'),
    ],
    [
      'a name that was given up for another',
      [registered('ann'), renamed('ann', 'anna')],
      register({ username: 'ann' }),
      registered('ann'),
    ],
    [
      'a name that somebody has changed to',
      [registered('ann'), renamed('ann', 'anna')],
      register({ username: 'anna' }),
      'anna is taken',
    ],
    [
      'the name of an account that was closed 3 days ago, reserved for 3',
      [registered('ann', 4), closed('ann', 3)],
      register({ username: 'ann', days: 3 }),
      'ann is taken',
    ],
    [
      'a name that was given up 3 days ago, reserved for 3',
      [registered('ann', 4), renamed('ann', 'anna', 3)],
      register({ username: 'ann', days: 3 }),
      'ann is taken',
    ],
    [
      'the name of an account that was closed 4 days ago, reserved for 3',
      [registered('ann', 4), closed('ann', 4)],
      register({ username: 'ann', days: 3 }),
      registered('ann'),
    ],
    [
      'a name that was given up 4 days ago, reserved for 3',
      [registered('ann', 4), renamed('ann', 'anna', 4)],
      register({ username: 'ann', days: 3 }),
      registered('ann'),
    ],
  ],
  'opt-in token': [
    ['a token that was never given out', [], confirm(john), 'Nobody has begun to sign up with this token and address'],
    [
      'a token that was given to another address',
      [begun()],
      confirm({ ...john, email: 'jane@example.com' }),
      'Nobody has begun to sign up with this token and address',
    ],
    ['a token that was used', [begun(), confirmed], confirm(john), 'The token was used already'],
    ['a token that is right', [begun()], confirm(john), confirmed],
    ['a token that is older than an hour', [begun(61)], confirm({ ...john, minutes: 60 }), 'The token has expired'],
  ],
  'invoice number': [
    [
      'the first invoice',
      [],
      createInvoice({ about: { a: 1 } }),
      fact('InvoiceCreated', { number: 1, about: { a: 1 } }),
    ],
    [
      'the second invoice',
      [fact('InvoiceCreated', { number: 1, about: { a: 1 } })],
      createInvoice({ about: { b: 2 } }),
      fact('InvoiceCreated', { number: 2, about: { b: 2 } }),
    ],
  ],
  'no duplicates': [
    [
      'an order with a key that was used',
      [fact('OrderPlaced', { order: 'one', key: 'a' })],
      placeOrder({ order: 'two', key: 'a' }),
      'The order was placed already',
    ],
    [
      'an order with a new key',
      [fact('OrderPlaced', { order: 'one', key: 'a' })],
      placeOrder({ order: 'two', key: 'b' }),
      fact('OrderPlaced', { order: 'two', key: 'b' }),
    ],
  ],
  'dynamic price': [
    ['a price that is not that of the product', [priced('leash', 12)], order(leash(10)), '10 is no price of leash'],
    ['the price of the product', [priced('leash', 12)], order(leash(12)), ordered(leash(12))],
    ['a price that it never had', [priced('leash', 12, 20)], order(leash(10)), '10 is no price of leash'],
    [
      'a price that was changed more than 10 minutes ago',
      [priced('leash', 12, 20), changed('leash', 13, 20)],
      order(leash(12)),
      '12 is no price of leash',
    ],
    ['its first price, 20 minutes old', [priced('leash', 12, 20)], order(leash(12)), ordered(leash(12))],
    [
      'a price that was changed less than 10 minutes ago',
      [priced('leash', 12, 20), changed('leash', 13, 9)],
      order(leash(12)),
      ordered(leash(12)),
    ],
    ['its new price', [priced('leash', 12, 20), changed('leash', 13, 9)], order(leash(13)), ordered(leash(13))],
    [
      'several products at once',
      [priced('leash', 12, 20), changed('leash', 13, 9), priced('ball', 3, 8)],
      order(leash(12), ball(3)),
      ordered(leash(12), ball(3)),
    ],
    [
      'several products, one of them at the price of another',
      [priced('leash', 12), priced('ball', 3)],
      order(leash(12), ball(12)),
      '12 is no price of ball',
    ],
  ],
}

export const cases: readonly Case[] = Object.entries(rows).flatMap(([of, each]) =>
  each.map(([name, given, when, then]) => ({ of: of as Case['of'], name, given, when, then })),
)
