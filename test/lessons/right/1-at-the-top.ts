// file: dog.test.ts
import tap from 'tap'
import { Dog } from './dog'

const fido = new Dog('Fido')
tap.equal(fido.name, 'Fido')
fido.addTrick('roll over')
tap.strictSame(fido.tricks, ['roll over'])
fido.addTrick('play dead')
tap.strictSame(fido.tricks, ['roll over', 'play dead'])
