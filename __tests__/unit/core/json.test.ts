import { expect, it } from 'vitest'
import { asName, asObject, asObjects, asText } from '../../../src/core/json.ts'

it.each([
  [{ a: 1 }, { a: 1 }],
  [null, {}],
  [undefined, {}],
  ['text', {}],
])('reads %j as the object %j', (value, expected) => {
  expect(asObject(value)).toEqual(expected)
})

it.each([
  [
    [{ a: 1 }, null, 'text'],
    [{ a: 1 }, {}, {}],
  ],
  [{ length: 1 }, []],
  [undefined, []],
])('reads %j as the list of objects %j', (value, expected) => {
  expect(asObjects(value)).toEqual(expected)
})

it.each([
  ['text', 'text'],
  ['', undefined],
  [7, undefined],
  [null, undefined],
])('reads %j as the text %j', (value, expected) => {
  expect(asText(value)).toBe(expected)
})

it.each([
  ['text', 'text'],
  [7, '7'],
  [null, ''],
  [undefined, ''],
  [{ toString: 1 }, ''],
  [['a'], ''],
])('reads %j as the name %j', (value, expected) => {
  expect(asName(value)).toBe(expected)
})
