// Every combination of what a person can choose, with what the example of the registry has.
import type { Access, Choices, Deployment } from '../../../scripts/builder/choices.ts'
import { registryOf } from '../../../scripts/builder/choices.ts'
import { initialChoices, providerOf } from '../../../scripts/builder/fields.ts'
import { loginsOf } from '../../../scripts/builder/logins.ts'
import { readData } from '../../../scripts/builder/read-data.ts'

export const data = readData()

const ACCESSES: readonly Access[] = ['kubeconfig', 'oidc', 'earlier-step', 'pod']
const DEPLOYMENTS: readonly Deployment[] = ['nothing', 'image', 'manifests']

/** The choices by a title. */
export const COMBINATIONS: readonly (readonly [title: string, choices: Choices])[] = data.registries.flatMap(
  ({ id }) => {
    const initial = initialChoices(data, id)
    const logins = loginsOf(providerOf(registryOf(data, initial))).map((login) => login.id)
    return (logins.length > 0 ? logins : ['']).flatMap((login) =>
      ACCESSES.flatMap((access) =>
        DEPLOYMENTS.map((deployment) => {
          const user = access === 'kubeconfig' ? '' : 'system:serviceaccount:runners:default'
          const choices = { ...initial, login, access, deployment, user }
          return [[id, login, access, deployment].filter(Boolean).join(', '), choices] as const
        }),
      ),
    )
  },
)

/** The choices for a registry, with some changed. */
export function choose(registry: string, changes: Partial<Choices> = {}): Choices {
  const initial = initialChoices(data, registry)
  return { ...initial, ...changes, values: { ...initial.values, ...changes.values } }
}
