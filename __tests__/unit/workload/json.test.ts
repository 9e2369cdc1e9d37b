// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these templates are what is tested
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/workload/json.ts'
import { parseYaml } from '../../../src/workload/yaml.ts'

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { replicas: 3, list: [1, -2, 0.5, true, null, 'yes: "x"'] },
}

describe('JSON', () => {
  it.each([
    ['on one line', JSON.stringify(pod)],
    ['on several lines', `\n\n${JSON.stringify(pod, null, 2)}\n`],
  ])('%s is read as the parser of YAML reads it', (_, text) => {
    const [{ value, line, duplicates } = {}] = parseYaml(text)
    expect(value).toEqual(pod)
    expect(parseJson(text)).toEqual({ value, line, duplicates, texts: [] })
  })

  it.each([
    ['YAML', 'kind: Pod'],
    ['YAML in braces', '{ kind: Pod }'],
    ['several documents', '{"kind":"Pod"}\n---\n{"kind":"Pod"}'],
    ['a list', '[{"kind":"Pod"}]'],
    ['a key twice', '{"kind":"Pod","kind":"Job"}'],
    ['a key twice, written in another way', '{"kind":"Pod","\\u006bind":"Job"}'],
    ['a key twice, deep inside', '{"a":[{"b":1,"b":2}]}'],
    ['a number with more digits than JavaScript keeps', '{"uid":12345678901234567890}'],
    ['a number that is written in another way', '{"cpu":1.0}'],
    ['an exponent', '{"cpu":1e3}'],
    ['a template', '{"image":"{{ .Values.image }}"}'],
    ['a variable', '{"replicas":"${REPLICAS}"}'],
    ['a placeholder in an image', '{"image":"app:%TAG%"}'],
    ['a placeholder in a name', '{"name": "<NAME>"}'],
    ['a prototype', '{"__proto__":{}}'],
    ['nothing', ''],
  ])('%s is left to the parser of YAML', (_, text) => {
    expect(parseJson(text)).toBeUndefined()
  })
})
