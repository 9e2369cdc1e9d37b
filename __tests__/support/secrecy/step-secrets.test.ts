// The search knows the credentials of a docker config, wherever the step has it from.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeHelper, writeProgram } from '../credential-helper.ts'
import { knownSecrets } from './known-secrets.ts'
import { addStepSecrets } from './step-secrets.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'step-secrets-'))
afterAll(() => folder.remove())

const configOf = (password: string) => JSON.stringify({ auths: { 'ghcr.io': { auth: btoa(`jo:${password}`) } } })

function file(name: string, password: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, configOf(password))
  return path
}

it.each<[string, string, (secret: string) => void]>([
  [
    'the text in the input',
    'secret-of-the-text',
    (secret) => addStepSecrets({ 'docker-config': configOf(secret) }, {}),
  ],
  ['its base64', 'secret-of-base64', (secret) => addStepSecrets({ 'docker-config': btoa(configOf(secret)) }, {})],
  ['the file in the input', 'secret-of-a-file', (secret) => addStepSecrets({ 'docker-config': file('a', secret) }, {})],
  [
    'the file of docker',
    'secret-of-docker',
    (secret) => {
      file('config.json', secret)
      addStepSecrets({}, { DOCKER_CONFIG: folder.path })
    },
  ],
  [
    'a credential helper',
    'secret-of-a-helper',
    (secret) => writeHelper(folder.path, 'known', { 'ghcr.io': { Username: 'jo', Secret: secret } }),
  ],
  [
    'a program that prints one',
    'secret-of-a-program',
    (secret) => writeProgram(folder.path, 'printed', [`echo '{"Username":"jo","Secret":"${secret}"}'; exit 1`]),
  ],
])('of %s', (_, secret, add) => {
  expect(knownSecrets.find(`a ${secret} b`)).toEqual([])
  add(secret)
  expect(knownSecrets.find(`a ${secret} b`)).toHaveLength(1)
})
