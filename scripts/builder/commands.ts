// The commands that apply the permissions, and store what the workflow reads.
import { accountNamespace } from './access.ts'
import type { Choices } from './choices.ts'
import type { BuilderData } from './data.ts'
import { settingsOf } from './workflow.ts'

/** Commands for a POSIX shell. None of them contains a secret: `gh secret set` asks for it. */
export function commandsOf(data: BuilderData, choices: Choices, workflow: string): string {
  const storesKubeconfig = choices.access === 'kubeconfig'
  const kubeconfig = storesKubeconfig ? (settingsOf(lineOf(workflow, 'kubeconfig'), 'secrets')[0] ?? '') : ''
  const secrets = settingsOf(workflow, 'secrets').filter((name) => name !== kubeconfig)
  const variables = settingsOf(workflow, 'vars')
  // A prompt takes one line.
  const certificates = ['kube-ca', 'ca-certificates'].flatMap((name) => settingsOf(lineOf(workflow, name), 'vars'))
  const parts = [
    ['# As an administrator of the cluster:', 'kubectl apply -f access.yaml'],
    storesKubeconfig
      ? [
          '# The kubeconfig of the new ServiceAccount becomes a secret of the repository:',
          `namespace=${quoted(accountNamespace(choices))}`,
          data.storeKubeconfig.replace('gh secret set KUBECONFIG', () => `gh secret set ${kubeconfig}`),
        ]
      : [],
    secrets.length + variables.length > 0
      ? [
          '# Each command asks for the value:',
          ...secrets.map((name) => `gh secret set ${name}`),
          ...variables.map((name) => `gh variable set ${name}${certificates.includes(name) ? ' < ca.crt' : ''}`),
        ]
      : [],
  ]
  return `${parts
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function lineOf(workflow: string, name: string): string {
  return workflow.split('\n').find((line) => line.trim().startsWith(`${name}: `)) ?? ''
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02 */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
