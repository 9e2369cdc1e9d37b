// The secrets that a workflow gives to a step: as inputs, in its environment, and in the kubeconfig.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
// Unlike decodeURIComponent, it accepts every text.
import { unescape as unescapePercent } from 'node:querystring'
import { load } from 'js-yaml'
import type { InputRow } from '../../../src/inputs/table/row.ts'
import { INPUTS } from '../../../src/inputs/table.ts'
import { credentialsOfDockerConfig, textsOf } from './credentials.ts'
import { knownSecrets } from './known-secrets.ts'

type Values = Readonly<Record<string, string | undefined>>

export function addStepSecrets(inputs: Values, env: Values): void {
  for (const [name, row] of Object.entries<InputRow>(INPUTS)) {
    const value = inputs[name]?.trim() ?? ''
    if (row.type === 'secret') knownSecrets.add(row.prefix ? value.replace(row.prefix, '') : value, `input ${name}`)
    knownSecrets.addAll(credentialsOfDockerConfig(value), `docker config in the input ${name}`)
  }
  const dockerConfigs = [
    inputs['docker-config'] ?? '',
    ...(env.DOCKER_CONFIG ? [join(env.DOCKER_CONFIG, 'config.json')] : []),
  ]
  for (const config of dockerConfigs) {
    const texts = [textOf(config), Buffer.from(config, 'base64').toString()]
    knownSecrets.addAll(texts.flatMap(credentialsOfDockerConfig), 'docker config')
  }
  const kubeconfigs = [inputs.kubeconfig ?? '', ...(env.KUBECONFIG ?? '').split(delimiter)]
  for (const kubeconfig of kubeconfigs) knownSecrets.addAll(credentialsOfKubeconfig(kubeconfig), 'kubeconfig')
  for (const [name, value = ''] of Object.entries(env)) {
    if (/(TOKEN|PASSWORD|SECRET|API_?KEY)$/i.test(name)) knownSecrets.add(value, `variable ${name}`)
    const { password = '' } = URL.parse(value) ?? {}
    knownSecrets.addAll([password, unescapePercent(password)], `password in the variable ${name}`)
  }
}

const USER_SECRETS = ['access-token', 'client-secret', 'id-token', 'password', 'refresh-token', 'token']

/** @param kubeconfig its text, the text in base64, or its path */
function credentialsOfKubeconfig(kubeconfig: string): string[] {
  const text = textOf(kubeconfig)
  for (const yaml of [text, Buffer.from(text, 'base64').toString()]) {
    const users = usersOf(yaml)
    const keys = textsOf(users, ['client-key-data'])
    const decoded = keys.map((key) => Buffer.from(key, 'base64').toString())
    if (users !== undefined) return [...textsOf(users, USER_SECRETS), ...keys, ...decoded]
  }
  return []
}

/** @param value a text, or its path */
function textOf(value: string): string {
  const isFile = !value.includes('\n') && existsSync(value) && statSync(value).isFile()
  return isFile ? readFileSync(value, 'utf8') : value
}

function usersOf(yaml: string): unknown {
  if (!yaml.includes('users')) return undefined
  try {
    return (load(yaml) as { readonly users?: unknown } | undefined)?.users
  } catch {
    return undefined
  }
}
