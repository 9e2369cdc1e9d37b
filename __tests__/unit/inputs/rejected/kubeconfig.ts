// Kubeconfigs as people have them, and why each of them is useless in a workflow.
import { createPrivateKey } from 'node:crypto'
import { dump, load } from 'js-yaml'
import { createAuthority } from '../../../support/http/certificate.ts'
import { signHs256 } from '../../../support/ibm/jwt.ts'
import { config, SECRET, withSecret } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

interface Parts {
  readonly clusters: [{ cluster: Record<string, unknown> }]
  readonly users: [{ user: object }]
  readonly contexts: [{ context: Record<string, unknown> }]
}

/** The kubeconfig of the fixture with a change of its current context. */
function changed(change: (parts: Parts) => void): { kubeconfig: string } {
  const parts = load(config) as Parts
  change(parts)
  return { kubeconfig: dump(parts) }
}
const withUser = (user: object) =>
  changed(({ users }) => {
    users[0].user = user
  })
const withCluster = (cluster: Record<string, unknown>) =>
  changed(({ clusters }) => {
    clusters[0].cluster = { server: 'https://k.example.com', ...cluster }
  })

const authority = await createAuthority('kubeconfigs')
const { certificate, key } = await authority.issue({ commonName: 'jo' })
const { key: otherKey } = await authority.issue({ commonName: 'jo' })
const encrypted = createPrivateKey(key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: SECRET })
  .toString()

const FLATTEN = 'kubectl config view --raw --flatten --minify'
const text = (problem: string) => new RegExp(`^Input \`kubeconfig\` ${problem}`)

export const KUBECONFIG_CASES: readonly RejectedCase[] = [
  [
    'the text of a kubeconfig with a relative path of its CA',
    { ...withSecret, ...withCluster({ 'certificate-authority': 'ca-x.pem' }) },
    'kubeconfig',
    text(`names the file "ca-x\\.pem" \\(certificate-authority\\) .* which a text does not have\\. .*${FLATTEN}`),
  ],
  [
    'the text of a kubeconfig with files of another machine',
    { ...withSecret, ...withUser({ 'client-certificate': '/home/me/client.crt', 'client-key-data': btoa(SECRET) }) },
    'kubeconfig',
    text(
      `names the file "/home/me/client\\.crt" \\(client-certificate\\) .* does not exist on this runner\\. .*${FLATTEN}`,
    ),
  ],
  [
    'the text of a kubeconfig with a file of its key',
    { ...withSecret, ...withUser({ 'client-certificate-data': btoa('x'), 'client-key': 'me.key' }) },
    'kubeconfig',
    text('names the file "me\\.key" \\(client-key\\)'),
  ],
  [
    'the text of a kubeconfig with a file of its token',
    { ...withSecret, ...withUser({ tokenFile: './token' }) },
    'kubeconfig',
    text('names the file "\\./token" \\(tokenFile\\)'),
  ],
  [
    'a kubeconfig that was printed without its token',
    { ...withSecret, ...withUser({ token: 'REDACTED' }) },
    'kubeconfig',
    text('was printed without `--raw`: the secrets of its context "prod" are left out\\. .*--raw --flatten'),
  ],
  [
    'a kubeconfig that was printed without its key',
    { ...withSecret, ...withUser({ 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' }) },
    'kubeconfig',
    text('was printed without `--raw`'),
  ],
  [
    'a kubeconfig with a user without credential',
    { ...withSecret, ...withUser({}) },
    'kubeconfig',
    text('has a user without any credential, for its context "prod"\\. Store a kubeconfig with the token'),
  ],
  [
    'a kubeconfig with a context without user',
    {
      ...withSecret,
      ...changed(({ contexts }) => {
        delete contexts[0].context.user
      }),
    },
    'kubeconfig',
    text('has no user "", which its context "prod" refers to'),
  ],
  [
    'a kubeconfig with a certificate without key',
    { ...withSecret, ...withUser({ 'client-certificate-data': btoa('x') }) },
    'kubeconfig',
    text('has only one of client certificate and key'),
  ],
  [
    'a kubeconfig with a certificate that is none',
    { ...withSecret, ...withUser({ 'client-certificate-data': btoa(SECRET), 'client-key-data': btoa(SECRET) }) },
    'kubeconfig',
    text('has a client certificate that is not PEM'),
  ],
  [
    'a kubeconfig with a token that has expired',
    { ...withSecret, ...withUser({ token: signHs256({ exp: 1_700_000_000 }, 's') }) },
    'kubeconfig',
    text('has a token that expired at 2023-11-14T22:13:20\\.000Z, for its context "prod"'),
  ],
  ...(
    [
      ['PEM itself', certificate, 'is not PEM of a certificate in base64, but PEM itself'],
      ['no certificate', btoa(key), 'is not PEM of a certificate'],
      ['encoded twice', btoa(btoa(certificate)), 'is not PEM of a certificate'],
    ] as const
  ).map(
    ([what, data, problem]): RejectedCase => [
      `a kubeconfig with a CA that is ${what}`,
      { ...withSecret, ...withCluster({ 'certificate-authority-data': data }) },
      'kubeconfig',
      text(`has a \`certificate-authority\` that ${problem}, for its context "prod"\\. `),
    ],
  ),
  ...(
    [
      ['is not PEM', btoa('x')],
      ['is not PEM in base64, but PEM itself', key],
      ['does not belong to its client certificate', btoa(otherKey)],
      ['is encrypted with a passphrase', btoa(encrypted)],
    ] as const
  ).map(
    ([problem, data]): RejectedCase => [
      `a kubeconfig with a client key that ${problem}`,
      { ...withSecret, ...withUser({ 'client-certificate-data': btoa(certificate), 'client-key-data': data }) },
      'kubeconfig',
      text(`has a client key that ${problem}, for its context "prod"\\. .*${FLATTEN}`),
    ],
  ),
]
