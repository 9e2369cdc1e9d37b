import { describe, expect, it } from 'vitest'
import { loadManifest } from '../../../src/workload/load-manifest.ts'
import { separateJson } from '../../../src/workload/separate-json.ts'

const a = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"}{"}}'
const b = '{\n  "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}\n}'
const namesOf = async (text: string) =>
  (await loadManifest(text, 'a.json', () => {})).map(({ metadata }) => metadata.name)

describe('JSON objects one after the other', () => {
  it.each([
    ['on lines of their own', `${a}\n${b}\n${a}\n`, ['a', 'b', 'a']],
    ['on one line', `${a}${b} ${a}`, ['a', 'b', 'a']],
    ['with indentation and Windows lines', `\n  ${a}\r\n\r\n  ${b}`, ['a', 'b']],
    ['after a byte order mark', `\uFEFF${a}\n${b}`, ['a', 'b']],
    ['with document separators', `${a}\n---\n${b}`, ['a', 'b']],
  ])('%s are documents, as with kubectl', async (_, text, names) => {
    expect(await namesOf(text)).toEqual(names)
  })

  it('keep the numbers of their lines', async () => {
    await expect(namesOf(`${a}\n${b}\n{"kind":"Pod"}\n`)).rejects.toThrow('a.json, document 3 (line 5) is not')
  })

  it.each([a, `- ${a}`, `${a}}`, `${a}\nb: 1\n`, '{"a":"', ''])('are not in %j', (text) => {
    expect(separateJson(text)).toBe(text)
  })
})
