/** An example for each name that `.doc` is most often asked for. A test runs them all. */
const dog = `@event('Registered')
class Cat extends Aggregate {
  constructor(readonly name: string) { super() }
  @event('Fed') feed(grams: number) {}
}`

export const examples: Readonly<Record<string, string>> = {
  Aggregate: `${dog}\nconst tom = new Cat('Tom')\ntom.feed(80)\ntom.pendingEvents.length // 2`,
  Application: `${dog}\nclass Shelter extends Application {\n  async takeIn(name: string) {\n    const cat = new Cat(name)\n    await this.save(cat)\n    return cat.id\n  }\n}\nawait new Shelter().takeIn('Tom')`,
  event: dog,
  defineEvent:
    "const Fed = defineEvent('Fed', z.object({ grams: z.number().positive() }))\n@event('Registered')\nclass Cat extends Aggregate {\n  @event(Fed) feed(grams: number) { return grams }\n}",
  Dog: "const rex = new Dog('Rex')\nrex.addTrick('sit')\nrex.tricks",
  DogSchool: "const other = new DogSchool()\nawait other.registerDog('Rex')",
  school: "await school.registerDog('Rex')",
  registerDog: "const dogId = await school.registerDog('Rex')",
  addTrick: "const rexId = await school.registerDog('Rex')\nawait school.addTrick(rexId, 'sit')",
  getDog: "await school.getDog(await school.registerDog('Rex'))",
  repository: "const one = await school.repository.get(Dog, await school.registerDog('Rex'))",
  get: "const puppy = await school.registerDog('Rex')\nawait school.repository.get(Dog, puppy, { version: 1 })",
  save: "await school.save(new Dog('Rex'))",
  retry: "await school.retry(() => school.registerDog('Rex'))",
  notificationLog: 'await school.notificationLog.select({ limit: 3 })',
  Projection:
    'await new Projection(school.notificationLog, () => ({ dogs: 0 }), { Registered: (view) => { view.dogs++ } }).catchUp()',
  boundary:
    "const born = defineEvent('Registered', ['name'], { topic: 'Dog' })\nconst dogs = boundary(0).on(born, (count) => count + 1)\nawait statesOf(school, { dogs })",
  defineSlice:
    "const Claimed = defineEvent('NameClaimed', ['name'], { tags: ({ name }) => ['name:' + name] })\nconst claim = defineSlice({\n  boundary: ({ name }: { name: string }) => ({\n    taken: boundary(false, 'name:' + name).on(Claimed, () => true),\n  }),\n  decide({ taken }, { name }) {\n    if (taken) throw new Error(name + ' is taken')\n    return Claimed.of({ name })\n  },\n})\nawait claim.run(school, { name: 'Rex' })",
  sqlite: "const elsewhere = new DogSchool(sqlite(':memory:'))\nawait elsewhere.registerDog('Rex')",
  replay: "const max = new Dog('Max')\nDog.replay(max.collectEvents())",
}
