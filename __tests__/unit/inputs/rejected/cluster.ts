import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { signHs256 } from '../../../support/ibm/jwt.ts'
import { certificate, config, file, folder, required, SECRET, withSecret, withServer } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

const pipe = join(folder.path, 'pipe')
execFileSync('mkfifo', [pipe])
const large = file('large', '#'.repeat(16 * 1024 * 1024 + 1))
const pipeIf = (field: string, start: string) => (field.startsWith(start) ? pipe : undefined)
const execConfig = (exec: string) => config.replace(`token: ${SECRET}-prod`, `exec: ${exec}`)

export const CLUSTER_CASES: readonly RejectedCase[] = [
  [
    'no kubeconfig at all',
    { ...required, 'secret-name': 'pull' },
    'kubeconfig',
    /is not set, and no other kubeconfig was found\. Set it to the text or the path of a kubeconfig, set the variable KUBECONFIG, or run/,
  ],
  [
    'a kubeconfig that is not YAML',
    { ...withSecret, kubeconfig: `apiVersion: v1\nusers: [{token: ${SECRET}\n` },
    'kubeconfig',
    /is not valid YAML at line \d\. Allowed: the text or the path of a kubeconfig\./,
  ],
  [
    'a kubeconfig with the wrong structure',
    { ...withSecret, kubeconfig: `apiVersion: v1\nusers: [{name: a, user: {token: ${SECRET}}}, 5]\n` },
    'kubeconfig',
    /is not a kubeconfig: .+\. Allowed: the text or the path of a kubeconfig\./,
  ],
  [
    'a kubeconfig with an empty context',
    { ...withSecret, kubeconfig: `contexts:\n- name: a\nusers:\n- {name: a, user: {token: ${SECRET}}}\n` },
    'kubeconfig',
    /is not a kubeconfig: contexts\[0\]\.context is missing/,
  ],
  [
    'a kubeconfig whose token is a number',
    { ...withSecret, kubeconfig: 'users:\n- {name: a, user: {token: 123}}\n' },
    'kubeconfig',
    /is not a kubeconfig: users\[0\]\.user\.token must be a string\. Allowed:/,
  ],
  [
    'a pipe as kubeconfig',
    { ...withSecret, kubeconfig: pipe },
    'kubeconfig',
    /cannot be read \(it is not a regular file\) in .*\/pipe\. Allowed:/,
  ],
  [
    'a device as kubeconfig',
    { ...withSecret, kubeconfig: '/dev/zero' },
    'kubeconfig',
    /cannot be read \(it is not a regular file\) in \/dev\/zero\. Allowed:/,
  ],
  [
    'a kubeconfig that is too large',
    { ...withSecret, kubeconfig: large },
    'kubeconfig',
    /cannot be read \(it is larger than 16 MiB\) in .*\/large\. Allowed:/,
  ],
  [
    'a pipe as idp-certificate-authority of a kubeconfig',
    {
      ...withSecret,
      kubeconfig: JSON.stringify({
        users: [
          { name: 'a', user: { 'auth-provider': { name: 'oidc', config: { 'idp-certificate-authority': pipe } } } },
        ],
      }),
    },
    'kubeconfig',
    /cannot be read \(it is not a regular file\) in .*\/pipe\. Allowed:/,
  ],
  ...(['certificate-authority', 'client-certificate', 'client-key', 'tokenFile', 'token-file'] as const).map(
    (field): RejectedCase => [
      `a pipe as ${field} of a kubeconfig`,
      {
        ...withSecret,
        kubeconfig: JSON.stringify({
          clusters: [{ name: 'a', cluster: { server: 'https://a', 'certificate-authority': pipeIf(field, 'cert') } }],
          users: [{ name: 'a', user: { [field]: pipeIf(field, 'cl') ?? pipeIf(field, 'to') } }],
        }),
      },
      'kubeconfig',
      /cannot be read \(it is not a regular file\) in .*\/pipe\. Allowed:/,
    ],
  ),
  [
    'a path of a kubeconfig that does not exist',
    { ...withSecret, kubeconfig: '/nowhere/config' },
    'kubeconfig',
    /is "\/nowhere\/config", but no such file exists\. Allowed: the text or the path of a kubeconfig\./,
  ],
  [
    'a directory as kubeconfig',
    { ...withSecret, kubeconfig: folder.path },
    'kubeconfig',
    /, which is a directory\. Allowed: the text or the path/,
  ],
  [
    'a kubeconfig that has lost its line breaks',
    { ...withSecret, kubeconfig: config.replaceAll('\n', ' ') },
    'kubeconfig',
    /is the text of a kubeconfig that has lost its line breaks\. Store it with its line breaks, or as base64/,
  ],
  [
    'a kubeconfig with the characters \\n for its line breaks',
    { ...withSecret, kubeconfig: config.replaceAll('\n', '\\n') },
    'kubeconfig',
    /is the text of a kubeconfig that has lost its line breaks\./,
  ],
  [
    'a token as kubeconfig',
    { ...withSecret, kubeconfig: signHs256({ sub: SECRET }, 's') },
    'kubeconfig',
    /is a token, and not a kubeconfig\. Use `kube-server`, `kube-ca` and `kube-token`/,
  ],
  [
    'another secret as kubeconfig, which is not shown',
    { ...withSecret, kubeconfig: `${SECRET}-of-something` },
    'kubeconfig',
    /is a text of 20 characters, but no such file exists\./,
  ],
  [
    'an address as kubeconfig',
    { ...withSecret, kubeconfig: 'https://k.example.com' },
    'kubeconfig',
    /is an address, and not a kubeconfig\. Use `kube-server`/,
  ],
  [
    'a compressed kubeconfig',
    { ...withSecret, kubeconfig: gzipSync(config).toString('base64') },
    'kubeconfig',
    /is \d+ characters of base64, but not of a kubeconfig\. Encode the kubeconfig itself, not compressed/,
  ],
  [
    'a variable of the shell in a path of a kubeconfig',
    { ...withSecret, kubeconfig: '$HOME/.kube/config' },
    'kubeconfig',
    /is "\$HOME\/\.kube\/config", but no such file exists\. A workflow expands no variables of the shell/,
  ],
  [
    'the Secret that has a kubeconfig',
    { ...withSecret, kubeconfig: `apiVersion: v1\nkind: Secret\ndata:\n  value: ${btoa(config)}\n` },
    'kubeconfig',
    /is not a kubeconfig: it must be the decoded value of a Secret, and not the Secret itself\./,
  ],
  [
    'a web page as kubeconfig',
    { ...withSecret, kubeconfig: '<html>\n<body>Log in</body></html>' },
    'kubeconfig',
    /is not a kubeconfig: it must be an object\./,
  ],
  [
    'a kubeconfig whose server is not a URL',
    { ...withSecret, kubeconfig: config.replace('https://prod.example.com', 'prod.example.com:6443') },
    'kubeconfig',
    /clusters\[0\]\.cluster\.server must be a URL that starts with https:\/\/\./,
  ],
  [
    'a kubeconfig with a current context that it does not have',
    { ...withSecret, kubeconfig: config.replace('current-context: prod', 'current-context: gone') },
    'kubeconfig',
    /has the current context "gone", which it does not contain\. Contexts in the kubeconfig: prod, test\./,
  ],
  [
    'a kubeconfig whose end was cut off',
    { ...withSecret, kubeconfig: btoa(config.slice(0, config.indexOf('users:'))) },
    'kubeconfig',
    /has no user "prod", which its context "prod" refers to\. It may have been cut off\./,
  ],
  [
    'a kubeconfig whose context has no cluster',
    { ...withSecret, kubeconfig: config.replace('cluster: prod', 'cluster: gone') },
    'kubeconfig',
    /has no cluster "gone", which its context "prod" refers to\./,
  ],
  [
    'a kubeconfig whose context has no user',
    { ...withSecret, kubeconfig: config.replace('user: prod', 'user: gone') },
    'kubeconfig',
    /has no user "gone", which its context "prod" refers to\./,
  ],
  [
    'an unknown context',
    { ...withSecret, contexts: 'prod, production' },
    'contexts',
    /contains "production", which is not in the kubeconfig\. Contexts in the kubeconfig: prod, test\./,
  ],
  [
    'a kubeconfig without a current context',
    { ...withSecret, kubeconfig: config.replace(/^current-context.*$/m, '') },
    'contexts',
    /is required when the kubeconfig has no current context\. Contexts in the kubeconfig: prod, test\./,
  ],
  [
    'a kubeconfig without contexts',
    { ...withSecret, kubeconfig: 'apiVersion: v1\nkind: Config\n' },
    'kubeconfig',
    /has no contexts: it is empty, or something else\. Create it with `kubectl config view --raw/,
  ],
  [
    'a server and a kubeconfig',
    { ...withSecret, 'kube-server': 'https://k.example.com', 'kube-token': SECRET },
    'kube-server',
    /cannot be combined with `kubeconfig`\. Set only one of them\./,
  ],
  [
    'an http URL as server',
    { ...required, 'secret-name': 'pull', 'kube-server': 'http://k.example.com', 'kube-token': SECRET },
    'kube-server',
    /is "http:\/\/k\.example\.com"\. Allowed: an https URL/,
  ],
  [
    'a server without a token',
    { ...required, 'secret-name': 'pull', 'kube-server': 'https://k.example.com' },
    'kube-token',
    /is required when `kube-server` is set and `kube-oidc-audience` is not set\. Set the token of a ServiceAccount, or/,
  ],
  [
    'a token without a server',
    { ...withSecret, 'kube-token': SECRET },
    'kube-token',
    /needs `kube-server`, which is not set\.$/,
  ],
  [
    'an audience without the permission to request tokens',
    { ...withServer, 'kube-oidc-audience': 'k' },
    'kube-oidc-audience',
    /is set, but this job is not allowed to request OIDC tokens from GitHub\. Add `permissions: id-token: write` to the job\. Pull requests from forks/,
  ],
  [
    'an audience and a token',
    { ...withServer, 'kube-oidc-audience': 'k', 'kube-token': SECRET },
    'kube-oidc-audience',
    /cannot be combined with `kube-token`\. Set only one of them\./,
  ],
  [
    'a CA without a server',
    { ...withSecret, 'kube-ca': certificate },
    'kube-ca',
    /needs `kube-server`, which is not set\.$/,
  ],
  [
    'a path instead of a CA',
    { ...required, 'kube-server': 'https://k.example.com', 'kube-token': SECRET, 'kube-ca': '/etc/ca.pem' },
    'kube-ca',
    /contains no valid certificate\. Allowed: PEM text that starts with -----BEGIN CERTIFICATE-----, or its base64, and not the path/,
  ],
  [
    'a token with a line break in it',
    { ...withServer, 'kube-token': `${SECRET}\nx` },
    'kube-token',
    /is not in the expected format\. Allowed: a token without spaces, line breaks, quotes and special characters\./,
  ],
  [
    'a kubeconfig token with a space in it',
    { ...withSecret, kubeconfig: config.replace(`${SECRET}-prod`, `${SECRET} prod`) },
    'kubeconfig',
    /has a token for its context "prod" that contains a space\.$/,
  ],
  ...[
    [`Bearer ${SECRET}`, 'starts with the word Bearer, which is not part of a token'],
    [`'"${SECRET}"'`, 'is in quotes'],
    ['"<token>"', 'is a placeholder'],
    ['$TOKEN', 'is a placeholder'],
    [btoa(signHs256({ sub: SECRET }, 's')), 'is the base64 of one, as a Secret has it: decode it'],
  ].map(
    ([token = '', problem]): RejectedCase => [
      `a kubeconfig with a token that ${problem}`,
      { ...withSecret, kubeconfig: config.replace(`${SECRET}-prod`, token) },
      'kubeconfig',
      new RegExp(`has a token for its context "prod" that ${problem}\\.$`),
    ],
  ),
  [
    'a kubeconfig with an empty token',
    { ...withSecret, kubeconfig: config.replace(`${SECRET}-prod`, '" \\n"') },
    'kubeconfig',
    /has a token for its context "prod" that is empty\.$/,
  ],
  [
    'a kubeconfig with an auth-provider that kubectl does not have',
    { ...withSecret, kubeconfig: config.replace(`token: ${SECRET}-prod`, 'auth-provider: {name: gcp}') },
    'kubeconfig',
    /has the auth-provider "gcp" for its context "prod", which kubectl no longer supports\. Create the kubeconfig again/,
  ],
  [
    'a kubeconfig with an exec plugin in the workspace',
    { ...withSecret, kubeconfig: execConfig('{apiVersion: client.authentication.k8s.io/v1, command: bin/login}') },
    'kubeconfig',
    /contains the exec plugin "bin\/login" of its context "prod": its path is relative .* Use the name of a program on the PATH/,
  ],
  [
    'a kubeconfig with an exec plugin that needs a terminal',
    {
      ...withSecret,
      kubeconfig: execConfig('{apiVersion: client.authentication.k8s.io/v1, command: login, interactiveMode: Always}'),
    },
    'kubeconfig',
    /which needs a terminal \(interactiveMode: Always\)\. A workflow needs a login without a person/,
  ],
  [
    'a kubeconfig with an exec plugin of an old version',
    { ...withSecret, kubeconfig: execConfig('{apiVersion: client.authentication.k8s.io/v1alpha1, command: login}') },
    'kubeconfig',
    /whose apiVersion "client\.authentication\.k8s\.io\/v1alpha1" kubectl does not support\. Supported: /,
  ],
  [
    'a kubeconfig with an exec plugin without command',
    { ...withSecret, kubeconfig: execConfig('{apiVersion: client.authentication.k8s.io/v1}') },
    'kubeconfig',
    /has an exec plugin without `command`, for its context "prod"\.$/,
  ],
]
