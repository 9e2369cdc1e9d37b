import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { type Inputs, loadInputs } from '../../../src/inputs/inputs.ts'
import { redact } from '../../../src/runner/mask.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { runStep } from '../../support/runner/runner.ts'

type Given = Readonly<Record<string, string>>

/** In every value that must never be shown. */
const SECRET = 'hunter2'

const folder = mkdtempDisposableSync(join(tmpdir(), 'inputs-'))
afterAll(() => folder.remove())

const { certificate } = await createAuthority('inputs')
const entry = (context: string, namespace?: string) =>
  ({ context, server: `https://${context}.example.com`, certificateAuthority: certificate, namespace }) as const
const config = kubeconfig([
  { ...entry('prod', 'shop'), user: { token: `${SECRET}-prod` } },
  { ...entry('test'), user: { token: `${SECRET}-test` } },
])

/** Writes a file for a test. @returns its path */
function file(name: string, text: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

/** Nothing can be left out of these, except for the login, which may be the CLI's. */
const required = { 'dedicated-domain': 'd1.example.net', organization: 'acme' }
/** The same for an API key of a service ID, and for a credential of the workflow's own. */
const ibmcloud = {
  provider: 'ibmcloud',
  'api-key': `${SECRET}-key`,
  account: 'a1',
  'service-id': 'ServiceId-1',
  'docker-server': 'us.icr.io',
}
const given = {
  provider: 'static',
  'docker-server': 'ghcr.io',
  'docker-username': 'jo',
  'docker-password': `${SECRET}-password`,
}
/** A run that has something to do in a cluster. */
const withSecret = { ...required, 'secret-name': 'pull', kubeconfig: config }
const server = { ...required, 'secret-name': 'pull', 'kube-server': 'https://k.example.com:6443' }

function read(given: Given, environment: NodeJS.ProcessEnv = {}): Promise<Inputs> {
  const inputs = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  return loadInputs({ HOME: folder.path, ...environment, ...Object.fromEntries(inputs) })
}

/** What a person reads. */
async function complaints(given: Given, environment?: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    await read(given, environment)
    return []
  } catch (error) {
    return explain(error)
  }
}

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: team/web}]}\n'
const bomb = [
  'a: &a [1,1,1,1,1,1,1,1,1,1]',
  ...[...'bcdefg'].map((name, index) => `${name}: &${name} [${`*${'abcdef'[index]},`.repeat(10)}]`),
]

type Case = readonly [mistake: string, given: Given, input: string, says: RegExp]

const cases: readonly Case[] = [
  // Where the credential comes from
  [
    'an unknown provider',
    { ...required, provider: 'docker' },
    'provider',
    /is "docker"\. Allowed: dedicated, ibmcloud, static\./,
  ],
  [
    'a domain with a scheme',
    { ...required, 'dedicated-domain': 'https://d1.example.net' },
    'dedicated-domain',
    /is "https:\/\/d1.*Allowed: a domain alone, as in /,
  ],
  [
    'a domain of one word',
    { ...required, 'dedicated-domain': 'bluemix' },
    'dedicated-domain',
    /is "bluemix"\. Allowed: a domain alone/,
  ],
  [
    'no API endpoint',
    { organization: 'acme', 'registry-endpoint': 'https://registry.example.com' },
    'api-endpoint',
    /is missing\. Give `dedicated-domain`, or this address itself\./,
  ],
  [
    'no registry endpoint',
    { organization: 'acme', 'api-endpoint': 'https://api.example.com' },
    'registry-endpoint',
    /is missing\. Give `dedicated-domain`/,
  ],
  [
    'an API endpoint by http',
    { ...required, 'api-endpoint': 'http://api.example.com' },
    'api-endpoint',
    /is "http:\/\/api\.example\.com"\. Allowed: an https address.*http for this machine itself only/,
  ],
  [
    'a registry endpoint by http',
    { ...required, 'registry-endpoint': 'http://10.0.0.1:5000' },
    'registry-endpoint',
    /Allowed: an https address/,
  ],
  [
    'an endpoint without a scheme',
    { ...required, 'api-endpoint': 'api.example.com' },
    'api-endpoint',
    /is "api\.example\.com"\. Allowed: an https address/,
  ],
  [
    'an endpoint of another scheme',
    { ...required, 'registry-endpoint': 'ftp://registry.example.com' },
    'registry-endpoint',
    /Allowed: an https address/,
  ],
  [
    'an endpoint with a login inside',
    { ...required, 'api-endpoint': `https://user:${SECRET}@api.example.com` },
    'api-endpoint',
    /holds a user name or password\. Allowed: an https address/,
  ],
  [
    'an endpoint by http with a login inside',
    { ...required, 'api-endpoint': `http://user:${SECRET}@api.example.com` },
    'api-endpoint',
    /is "http:\/\/\*\*\*@api\.example\.com"\. Allowed: an https address/,
  ],
  [
    'an endpoint with a query',
    { ...required, 'registry-endpoint': 'https://registry.example.com/?a=b' },
    'registry-endpoint',
    /with a query or fragment\. Allowed/,
  ],
  [
    'a token of two words',
    { ...required, 'oauth-token': `Bearer ${SECRET} ${SECRET}` },
    'oauth-token',
    /has a space inside\. Allowed: a token, with or without the word Bearer/,
  ],
  ['a user without password', { ...required, username: 'jo' }, 'password', /is missing beside `username`\. .*secret/],
  ['a password without user', { ...required, password: SECRET }, 'username', /is missing beside `password`/],
  [
    'an API key beside a token',
    { ...required, 'oauth-token': SECRET, 'api-key': `${SECRET}-key` },
    'api-key',
    /is given beside `oauth-token`\. Give one login only\./,
  ],
  [
    'a passcode beside a user',
    { ...required, username: 'jo', password: SECRET, passcode: `${SECRET}-code` },
    'passcode',
    /is given beside `username`\. Give one login only\./,
  ],
  ['no organization', { 'dedicated-domain': 'd1.example.net' }, 'organization', /is missing\. .*`organization-guid`/],
  [
    'two organizations',
    { ...required, 'organization-guid': 'abc-1' },
    'organization-guid',
    /is given beside `organization`\. Give one of the two\./,
  ],
  [
    'a GUID that would leave its path',
    { 'dedicated-domain': 'd1.example.net', 'organization-guid': '../x' },
    'organization-guid',
    /is "\.\.\/x"\. Allowed: a GUID of letters, digits and hyphens\./,
  ],
  ['an account with a space', { ...required, account: 'a b' }, 'account', /is "a b"\. Allowed: an account id/],
  ['a yes', { ...required, permanent: 'yes' }, 'permanent', /is "yes"\. Allowed: true, false\./],
  ['a one', { ...required, write: '1' }, 'write', /is "1"\. Allowed: true, false\./],
  [
    'a description of two lines',
    { ...required, 'token-description': 'two\nlines' },
    'token-description',
    /Allowed: up to 200 printable ASCII characters\./,
  ],
  [
    'a description that is too long',
    { ...required, 'token-description': 'x'.repeat(201) },
    'token-description',
    /is a text of 201 characters\. Allowed: up to 200/,
  ],

  // Providers, and what belongs to others
  ...Object.entries({
    'dedicated-domain': 'd1.example.net',
    'api-endpoint': 'https://api.example.com',
    'registry-endpoint': 'https://registry.example.com',
    'oauth-token': SECRET,
    username: 'jo',
    password: SECRET,
    passcode: SECRET,
    organization: 'acme',
    'organization-guid': 'g-1',
    permanent: 'false',
    write: 'true',
  }).map(
    ([name, value]): Case => [
      `the ${name} of a Dedicated environment beside IBM Cloud`,
      { ...ibmcloud, [name]: value },
      name,
      /is given beside `provider: ibmcloud`\. It belongs to `provider: dedicated`\./,
    ],
  ),
  ...['api-key', 'account', 'token-description'].map(
    (name): Case => [
      `a ${name} where nothing is minted`,
      { ...given, [name]: SECRET },
      name,
      /is given beside `provider: static`\. It belongs to `provider: dedicated` and `provider: ibmcloud`\./,
    ],
  ),
  ...['service-id', 'iam-endpoint'].map(
    (name): Case => [
      `a ${name} in a Dedicated environment`,
      { ...required, [name]: SECRET },
      name,
      /is given beside `provider: dedicated`\. It belongs to `provider: ibmcloud`\./,
    ],
  ),
  [
    'a registry password where one is minted',
    { ...required, 'docker-password': SECRET },
    'docker-password',
    /is given beside `provider: dedicated`\. It belongs to `provider: static`\./,
  ],
  ...(['api-key', 'account', 'service-id', 'docker-server'] as const).map(
    (name): Case => [
      `no ${name} for IBM Cloud`,
      { ...ibmcloud, [name]: '' },
      name,
      /is missing, and `provider: ibmcloud` needs it\. /,
    ],
  ),
  ...(['docker-server', 'docker-username', 'docker-password'] as const).map(
    (name): Case => [
      `no ${name} where nothing is minted`,
      { ...given, [name]: '' },
      name,
      /is missing, and `provider: static` needs it\. /,
    ],
  ),
  [
    'a service ID by its name',
    { ...ibmcloud, 'service-id': 'puller' },
    'service-id',
    /is "puller"\. Allowed: a service ID as in ServiceId-1234/,
  ],
  [
    'an IAM by http',
    { ...ibmcloud, 'iam-endpoint': 'http://iam.example.com' },
    'iam-endpoint',
    /Allowed: an https address/,
  ],

  // The secret
  ['a secret in capitals', { ...withSecret, 'secret-name': 'Pull' }, 'secret-name', /is "Pull"\. Allowed: lower-case/],
  [
    'a secret that would leave its path',
    { ...withSecret, 'secret-name': '../pull' },
    'secret-name',
    /Allowed: lower-case letters, digits, hyphens and dots/,
  ],
  [
    'a registry in capitals',
    { ...required, 'docker-server': 'Registry.example.com' },
    'docker-server',
    /holds "Registry\.example\.com"\. Allowed: hosts in lower case/,
  ],
  [
    'a registry of no port',
    { ...required, 'docker-server': 'registry.example.com:99999' },
    'docker-server',
    /holds "registry\.example\.com:99999"\. Allowed: hosts in lower case, with a port/,
  ],
  [
    'a registry by http',
    { ...required, 'docker-server': 'a.example.com, http://b.example.com' },
    'docker-server',
    /holds "http:\/\/b\.example\.com", which is not https\. Allowed/,
  ],
  [
    'a registry with a version that matches no image',
    { ...required, 'docker-server': 'https://registry.example.com/v2' },
    'docker-server',
    /which nodes take for no image at all\. Give registry\.example\.com instead\./,
  ],
  [
    'Docker Hub without its final slash',
    { ...required, 'docker-server': 'https://index.docker.io/v1' },
    'docker-server',
    /which nodes take for no image at all\. Give https:\/\/index\.docker\.io\/v1\/ instead\./,
  ],
  [
    'a path of a registry in capitals',
    { ...required, 'docker-server': 'registry.example.com/Team' },
    'docker-server',
    /which nodes take for no image at all/,
  ],
  [
    'a registry with a login inside',
    { ...required, 'docker-server': `https://user:${SECRET}@b.example.com` },
    'docker-server',
    /holds "https:\/\/\*\*\*@b\.example\.com"\. Allowed/,
  ],
  [
    'a registry user with a colon',
    { ...required, 'docker-username': 'a:b' },
    'docker-username',
    /is "a:b"\. Allowed: a name without colons and spaces\./,
  ],
  ['an e-mail with a space', { ...required, 'docker-email': 'a b' }, 'docker-email', /Allowed: an address without/],
  [
    'a namespace in capitals',
    { ...withSecret, namespaces: 'shop,Team' },
    'namespaces',
    /holds "Team"\. Allowed: names as in team-a, globs as in team-\*, exclusions as in !team-x\./,
  ],
  [
    'a pattern of namespaces that no name can match',
    { ...withSecret, namespaces: 'team_*' },
    'namespaces',
    /holds "team_\*"\. Allowed: names/,
  ],
  [
    'a service account with capitals',
    { ...withSecret, 'service-accounts': 'default,Builder' },
    'service-accounts',
    /holds "Builder"\. Allowed: names of service accounts, or \* for all\./,
  ],
  [
    'a selector of another language',
    { ...withSecret, 'namespace-selector': 'team == "a"; tier' },
    'namespace-selector',
    /Allowed: a label selector as kubectl takes it/,
  ],
  [
    'exclusions of namespaces alone',
    { ...withSecret, namespaces: '!kube-*,!default' },
    'namespaces',
    /only excludes\. Name what to take, too: \* is all\./,
  ],
  [
    'a label without =',
    { ...withSecret, labels: 'team=a\nstage' },
    'labels',
    /has the line "stage"\. Allowed: one key=value a line\./,
  ],
  ['a label without a key', { ...withSecret, labels: '=a' }, 'labels', /has the line "=a"\. Allowed: one key=value/],
  [
    'a label whose value has spaces',
    { ...withSecret, labels: 'team=a b' },
    'labels',
    /has the value "a b" for team\. Allowed: up to 63 letters/,
  ],
  [
    'the label that says who manages the secret',
    { ...withSecret, labels: 'app.kubernetes.io/managed-by=me' },
    'labels',
    /has the key app\.kubernetes\.io\/managed-by\. This one belongs to the action itself\./,
  ],
  [
    'an annotation with a space in its key',
    { ...withSecret, annotations: 'my team=a' },
    'annotations',
    /has the key "my team"\. Allowed: a key as Kubernetes has it/,
  ],
  [
    'an annotation of the action itself',
    { ...withSecret, annotations: 'registry-pull-secret/token-id=1' },
    'annotations',
    /has the key registry-pull-secret\/token-id\. This one belongs to the action itself\./,
  ],
  ['an adoption that is no flag', { ...withSecret, adopt: 'always' }, 'adopt', /is "always"\. Allowed: true, false\./],

  // The cluster
  [
    'no kubeconfig at all',
    { ...required, 'secret-name': 'pull' },
    'kubeconfig',
    /is missing\. Give a kubeconfig as text or path, set KUBECONFIG, or run inside the cluster\./,
  ],
  [
    'a kubeconfig that is not YAML',
    { ...withSecret, kubeconfig: `apiVersion: v1\nusers: [{token: ${SECRET}\n` },
    'kubeconfig',
    /is not valid YAML at line \d\. Allowed: a kubeconfig as text, or the path of one\./,
  ],
  [
    'a kubeconfig of another form',
    { ...withSecret, kubeconfig: `apiVersion: v1\nusers: [{name: a, user: {token: ${SECRET}}}, 5]\n` },
    'kubeconfig',
    /is no kubeconfig: .+\. Allowed: a kubeconfig as text/,
  ],
  [
    'a kubeconfig with a context of nothing',
    { ...withSecret, kubeconfig: `contexts:\n- name: a\nusers:\n- {name: a, user: {token: ${SECRET}}}\n` },
    'kubeconfig',
    /is no kubeconfig: contexts\[0\]\.context is missing/,
  ],
  [
    'a kubeconfig that is nowhere',
    { ...withSecret, kubeconfig: '/nowhere/config' },
    'kubeconfig',
    /is "\/nowhere\/config", and there is no such file\. Allowed: a kubeconfig as text, or the path of one\./,
  ],
  [
    'a kubeconfig that is a directory',
    { ...withSecret, kubeconfig: folder.path },
    'kubeconfig',
    /there is no such file/,
  ],
  [
    'a kubeconfig whose context has no cluster',
    { ...withSecret, kubeconfig: config.replace('cluster: prod', 'cluster: gone') },
    'kubeconfig',
    /has no cluster "gone", which its context "prod" names/,
  ],
  [
    'a kubeconfig whose context has no user',
    { ...withSecret, kubeconfig: config.replace('user: prod', 'user: gone') },
    'kubeconfig',
    /has no user "gone", which its context "prod" names/,
  ],
  [
    'an unknown context',
    { ...withSecret, contexts: 'prod, production' },
    'contexts',
    /names "production"\. The kubeconfig has: prod, test\./,
  ],
  [
    'a kubeconfig without a current context',
    { ...withSecret, kubeconfig: config.replace(/^current-context.*$/m, '') },
    'contexts',
    /is missing\. The kubeconfig has no current context\. Choose from: prod, test\./,
  ],
  [
    'a kubeconfig without contexts',
    { ...withSecret, kubeconfig: 'apiVersion: v1\nkind: Config\n' },
    'contexts',
    /is missing\. The kubeconfig has no current context\. Choose from: none\./,
  ],
  [
    'a server beside a kubeconfig',
    { ...withSecret, 'kube-server': 'https://k.example.com', 'kube-token': SECRET },
    'kube-server',
    /is given beside `kubeconfig`\. Give one of the two\./,
  ],
  [
    'a server by http',
    { ...required, 'secret-name': 'pull', 'kube-server': 'http://k.example.com', 'kube-token': SECRET },
    'kube-server',
    /is "http:\/\/k\.example\.com"\. Allowed: an https address/,
  ],
  [
    'a server without token',
    { ...required, 'secret-name': 'pull', 'kube-server': 'https://k.example.com' },
    'kube-token',
    /is missing beside `kube-server`\. Give the token of a ServiceAccount, or `kube-oidc-audience`\./,
  ],
  ['a token without server', { ...withSecret, 'kube-token': SECRET }, 'kube-token', /is given without `kube-server`/],
  [
    'an audience without the right to ask for tokens',
    { ...server, 'kube-oidc-audience': 'k' },
    'kube-oidc-audience',
    /this job may not ask GitHub for OIDC tokens\. Give the job `permissions: id-token: write`\. Pull requests from forks/,
  ],
  [
    'an audience beside a token',
    { ...server, 'kube-oidc-audience': 'k', 'kube-token': SECRET },
    'kube-oidc-audience',
    /is given beside `kube-token`\. Give one of the two\./,
  ],
  ['a CA without server', { ...withSecret, 'kube-ca': certificate }, 'kube-ca', /is given without `kube-server`/],
  [
    'a CA that is none',
    { ...required, 'kube-server': 'https://k.example.com', 'kube-token': SECRET, 'kube-ca': '/etc/ca.pem' },
    'kube-ca',
    /holds no certificate that can be read\. Allowed: PEM, from -----BEGIN CERTIFICATE----- on\./,
  ],

  // Deploying
  [
    'a manifest file that is nowhere',
    { ...withSecret, 'manifest-files': 'nowhere/*.yaml' },
    'manifest-files',
    /names "nowhere\/\*\.yaml", and no manifest is there\. Allowed: paths, directories and globs/,
  ],
  [
    'a manifest file that is not YAML',
    { ...withSecret, 'manifest-files': file('broken.yaml', `${pod}---\n: [\n`) },
    'manifest-files',
    /cannot be used: .*broken\.yaml is not valid YAML, line \d+: /,
  ],
  [
    'an empty manifest file',
    { ...withSecret, 'manifest-files': file('empty.yaml', '# nothing\n') },
    'manifest-files',
    /cannot be used: .*empty\.yaml holds no object/,
  ],
  [
    'a manifest that is not YAML',
    { ...withSecret, manifest: 'kind: Pod\n  name: [' },
    'manifest',
    /cannot be used: the manifest is not valid YAML, line \d: /,
  ],
  [
    'a manifest without kind',
    { ...withSecret, manifest: `${pod}---\napiVersion: v1\nmetadata: {name: web}\n` },
    'manifest',
    /cannot be used: the manifest, document 2 \(line 6\) is no Kubernetes object: it lacks kind\./,
  ],
  [
    'a manifest that explodes',
    { ...withSecret, manifest: `${pod}data:\n${bomb.map((line) => `  ${line}`).join('\n')}\n` },
    'manifest',
    /cannot be used: .*(aliases|too large)/,
  ],
  [
    'an image beside a manifest',
    { ...withSecret, manifest: pod, image: 'team/app', 'pod-name': 'web' },
    'image',
    /is given beside a manifest\. Give `manifest` and `manifest-files`, or `image` and `pod-name`\./,
  ],
  [
    'an image with a space',
    { ...withSecret, image: 'team/my app', 'pod-name': 'web' },
    'image',
    /is "team\/my app"\. Allowed: namespace\/image, with a registry host, :tag or @digest\./,
  ],
  ['an image without pod', { ...withSecret, image: 'team/app' }, 'pod-name', /is missing beside `image`\./],
  [
    'a pod without image',
    { ...withSecret, 'pod-name': 'web' },
    'pod-name',
    /is given without `image`\. Give the image/,
  ],
  [
    'a pod in capitals',
    { ...withSecret, image: 'team/app', 'pod-name': 'Web' },
    'pod-name',
    /is "Web"\. Allowed: lower-case letters, digits, hyphens and dots/,
  ],
  [
    'a container with a dot',
    { ...withSecret, image: 'team/app', 'pod-name': 'web', 'container-name': 'a.b' },
    'container-name',
    /is "a\.b"\. Allowed: lower-case letters, digits and hyphens, as in web\./,
  ],
  [
    'a container without image',
    { ...withSecret, 'container-name': 'web' },
    'container-name',
    /is given without `image`/,
  ],
  [
    'a duration in words',
    { ...withSecret, 'wait-timeout': 'five minutes' },
    'wait-timeout',
    /is "five minutes"\. Allowed: 0, or a number with a unit, as in 90s, 5m, 12h, 30d\./,
  ],
  ['a flag with a number', { ...withSecret, 'recreate-pods': '0' }, 'recreate-pods', /is "0"\. Allowed: true, false\./],

  // Rotation and running
  ['a duration without unit', { ...required, 'max-age': '30' }, 'max-age', /is "30"\. Allowed: 0, or a number with/],
  ['a duration below zero', { ...required, 'max-age': '-1d' }, 'max-age', /is "-1d"\. Allowed: 0, or a number with/],
  [
    'an unknown way to revoke',
    { ...required, revoke: 'always' },
    'revoke',
    /is "always"\. Allowed: superseded, never\./,
  ],
  [
    'an image in capitals',
    { ...required, 'verify-image': 'Team/App' },
    'verify-image',
    /is "Team\/App"\. Allowed: namespace\/image, with :tag or @digest, without a registry host\./,
  ],
  [
    'a broken digest',
    { ...required, 'verify-image': 'team/app@sha256:1' },
    'verify-image',
    /Allowed: namespace\/image/,
  ],
  ['a dry run that is no flag', { ...required, 'dry-run': 'on' }, 'dry-run', /is "on"\. Allowed: true, false\./],
  ['no time at all', { ...required, timeout: '0' }, 'timeout', /is "0"\. Allowed: a number with a unit/],
  ['a duration of half a unit', { ...required, timeout: '1.5h' }, 'timeout', /is "1\.5h"\. Allowed: a number with/],
  ['no requests', { ...required, concurrency: '0' }, 'concurrency', /is "0"\. Allowed: a whole number from 1 to 256\./],
  ['too many requests', { ...required, concurrency: '257' }, 'concurrency', /Allowed: a whole number from 1 to 256\./],
  ['a count that is none', { ...required, concurrency: '1e2' }, 'concurrency', /is "1e2"\. Allowed: a whole number/],
  [
    'certificates that are a path',
    { ...required, 'ca-certificates': '/etc/ssl/ca.pem' },
    'ca-certificates',
    /holds no certificate that can be read\. Allowed: PEM/,
  ],
  [
    'certificates that are garbled',
    { ...required, 'ca-certificates': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    'ca-certificates',
    /holds no certificate that can be read\. Allowed: PEM/,
  ],
  [
    'a private key instead of certificates',
    { ...required, 'ca-certificates': `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` },
    'ca-certificates',
    /holds no certificate that can be read\. Allowed: PEM/,
  ],

  // What this action does not know
  [
    'a name that is nearly an input',
    { ...required, namespace: 'shop' },
    'namespace',
    /is not an input of this action\. The inputs are: .*\bnamespaces\b/,
  ],
]

describe('a bad input', () => {
  it.each(cases)('%s', async (_, given, input, says) => {
    const sentences = await complaints(given)
    expect(sentences).toEqual([expect.stringMatching(says)])
    expect(sentences[0]?.startsWith(`Input \`${input}\` `)).toBe(true)
    expect(sentences[0]).not.toContain(SECRET)
  })

  it('is shown for every input of action.yml', () => {
    const { inputs } = load(readFileSync('action.yml', 'utf8')) as { inputs: object }
    const shown = new Set(cases.map(([, , input]) => input))
    expect(Object.keys(inputs).filter((name) => !shown.has(name))).toEqual([])
  })

  it('does not hide the others', async () => {
    const sentences = await complaints({
      provider: 'docker',
      username: 'jo',
      'secret-name': 'Pull',
      kubeconfig: '/nowhere/config',
      'max-age': 'old',
      concurrency: 'many',
      namespace: 'shop',
    })
    expect(sentences.map((sentence) => /^Input `(.+?)` /.exec(sentence)?.[1]).sort()).toEqual([
      'api-endpoint',
      'concurrency',
      'kubeconfig',
      'max-age',
      'namespace',
      'organization',
      'password',
      'provider',
      'registry-endpoint',
      'secret-name',
    ])
  })

  it('is told once, however many items of a list are bad', async () => {
    const sentences = await complaints({ ...withSecret, namespaces: 'A,B', labels: 'a\nb' })
    expect(sentences).toHaveLength(4)
    expect(new Set(sentences).size).toBe(4)
  })

  it('ends a run with one annotation each, no stack trace and no request', async () => {
    let connections = 0
    const server = createServer((_, response) => response.end()).on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

    const { code, annotations, stdout, stderr, outputs } = await runStep({
      inputs: {
        'api-endpoint': url,
        'registry-endpoint': url,
        'api-key': SECRET,
        organization: 'acme',
        'kube-server': url,
        'kube-token': `${SECRET}-kube`,
        'secret-name': 'Pull',
        labels: 'team',
        'max-age': 'old',
        concurrency: '0',
        namespace: 'shop',
      },
    })
    expect(annotations.map(({ level, message }) => [level, /^Input `(.+?)` /.exec(message)?.[1]])).toEqual(
      ['secret-name', 'labels', 'max-age', 'concurrency', 'namespace'].map((input) => ['error', input]),
    )
    expect(code).toBe(1)
    expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
    expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(SECRET)
    expect(outputs).toEqual({})
    expect(connections).toBe(0)
  })
})

describe('good inputs', () => {
  it('name no Cloud Foundry API when a token and a GUID leave nothing to ask it for', async () => {
    const inputs = {
      'registry-endpoint': 'https://registry.example.com',
      'oauth-token': SECRET,
      'organization-guid': 'g-1',
    }
    expect((await read(inputs)).credential).toMatchObject({
      organization: { guid: 'g-1' },
      login: { method: 'oauth-token' },
    })
    expect(await complaints({ ...inputs, 'organization-guid': '', organization: 'acme' })).toEqual([
      expect.stringContaining('`api-endpoint` is missing'),
    ])
  })

  it('need to be few', async () => {
    const { run: _, ...inputs } = await read(required, { GITHUB_REPOSITORY: 'acme/shop' })
    expect(inputs).toEqual({
      credential: {
        provider: 'dedicated',
        apiEndpoint: 'https://api.d1.example.net',
        registryEndpoint: 'https://registry.d1.example.net',
        login: { method: 'cli' },
        organization: { name: 'acme' },
        account: undefined,
        permanent: true,
        write: false,
      },
      registry: { servers: ['registry.d1.example.net'], username: 'token', email: undefined, image: undefined },
      description: 'registry-pull-secret acme/shop',
      secret: undefined,
      cluster: undefined,
      deploy: undefined,
      maxAge: 30 * 86_400_000,
      revoke: 'superseded',
      dryRun: false,
      timeout: 15 * 60_000,
      concurrency: 16,
      certificates: undefined,
      warnings: [],
    })
  })

  it.each(['ServiceId-1', 'iam-ServiceId-1'])('name an IBM Cloud service ID as %s', async (serviceId) => {
    const inputs = await read({ ...ibmcloud, 'service-id': serviceId, permanent: 'true', write: 'False' })
    expect(inputs.credential).toEqual({
      provider: 'ibmcloud',
      iamEndpoint: 'https://iam.cloud.ibm.com',
      apiKey: `${SECRET}-key`,
      account: 'a1',
      serviceId: 'iam-ServiceId-1',
    })
    expect(inputs.registry).toMatchObject({ servers: ['us.icr.io'], username: 'iamapikey' })
  })

  it('bring a credential of their own', async () => {
    const inputs = await read(given)
    expect(inputs.credential).toEqual({ provider: 'static', password: `${SECRET}-password` })
    expect(inputs.registry).toMatchObject({ servers: ['ghcr.io'], username: 'jo' })
  })

  it.each<[Given, RegExp[]]>([
    [{ image: 'team/app' }, []],
    [{ image: 'registry.d1.example.net/team/app' }, []],
    [
      { image: 'us.icr.io/team/app' },
      [/^Nodes use none of `docker-server` \(registry\.d1\.example\.net\) for .* us\.icr/],
    ],
    [{ image: 'registry.d1.example.net:443/team/app' }, [/host and port must be the same texts/]],
    [{ image: 'team/app', 'docker-server': 'https://index.docker.io/v1/' }, []],
    [{ 'verify-image': 'us.icr.io/team/app' }, [/^`verify-image` begins with "us\.icr\.io", which is none of/]],
    [{ 'verify-image': 'registry.d1.example.net/team/app' }, []],
  ])('are warned of what no node would take for the same registry: %j', async (inputs, warnings) => {
    const pod = 'image' in inputs ? { 'pod-name': 'web', kubeconfig: config } : {}
    expect((await read({ ...required, ...pod, ...inputs })).warnings).toEqual(
      warnings.map((one) => expect.stringMatching(one)),
    )
  })

  it('may be empty or padded, as in a workflow whose expression gives nothing', async () => {
    const padded = { 'dedicated-domain': ' d1.example.net\n', organization: '  acme ' }
    const empty = { account: '', 'secret-name': '  ', kubeconfig: '', namespace: '', 'service-id': '' }
    expect(await read({ ...padded, ...empty })).toEqual(await read(required))
  })

  it('give the endpoints themselves, without a final slash', async () => {
    const endpoints = { 'api-endpoint': 'https://cf.example.com/', 'registry-endpoint': 'http://127.0.0.1:5000' }
    const { credential, registry } = await read({ organization: 'acme', ...endpoints })
    expect(credential).toMatchObject({
      apiEndpoint: 'https://cf.example.com',
      registryEndpoint: 'http://127.0.0.1:5000',
    })
    expect(registry.servers).toEqual(['127.0.0.1:5000'])
  })

  it.each<[Given, object]>([
    [{ 'oauth-token': 'abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [{ 'oauth-token': 'Bearer abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [{ 'oauth-token': 'bearer  abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [
      { username: 'jo', password: 'a b=c' },
      { method: 'password', username: 'jo', password: 'a b=c' },
    ],
    [{ 'api-key': 'key' }, { method: 'api-key', apiKey: 'key' }],
    [{ passcode: 'code' }, { method: 'passcode', passcode: 'code' }],
    [{}, { method: 'cli' }],
  ])('log in by %j', async (given, login) => {
    expect((await read({ ...required, ...given })).credential).toMatchObject({ login })
  })

  it('name the organization by its GUID', async () => {
    const given = { 'dedicated-domain': 'd1.example.net', 'organization-guid': '7f6c-1' }
    expect((await read(given)).credential).toMatchObject({ organization: { guid: '7f6c-1' } })
  })

  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
  ])('take %s for a flag', async (value, flag) => {
    const { credential, dryRun } = await read({ ...required, permanent: value, write: value, 'dry-run': value })
    expect({ ...credential, dryRun }).toMatchObject({ permanent: flag, write: flag, dryRun: flag })
  })

  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('take %s for a duration', async (value, milliseconds) => {
    expect((await read({ ...required, 'max-age': value })).maxAge).toBe(milliseconds)
  })

  it('are lists by lines, by commas, or both', async () => {
    const hosts = 'b.example.com\n a.example.com:5000 ,\n\n,https://index.docker.io/v1/, b.example.com\n'
    const { registry, cluster } = await read({
      ...withSecret,
      'docker-server': hosts,
      namespaces: 'shop\nteam-*,!team-x,shop',
    })
    expect(registry.servers).toEqual(['b.example.com', 'a.example.com:5000', 'https://index.docker.io/v1/'])
    expect(cluster?.patterns).toEqual(['shop', 'team-*', '!team-x'])
  })

  it('describe the secret', async () => {
    const { secret, description } = await read(
      {
        ...withSecret,
        adopt: 'true',
        'service-accounts': 'default,ci\ndefault',
        labels: 'team=a\n example.com/stage = \n',
        annotations: 'note=a=b, c\n',
      },
      { GITHUB_REPOSITORY: 'acme/shop' },
    )
    expect(secret).toEqual({
      name: 'pull',
      serviceAccounts: ['default', 'ci'],
      labels: { team: 'a', 'example.com/stage': '' },
      annotations: { note: 'a=b, c' },
      adopt: true,
    })
    expect(description).toBe('registry-pull-secret acme/shop pull')
    expect((await read({ ...withSecret, 'token-description': 'for the shop' })).description).toBe('for the shop')
  })

  it('name the run', async () => {
    const environment = { GITHUB_SERVER_URL: 'https://ghe.example.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7' }
    const url = 'https://ghe.example.com/a/b/actions/runs/7'
    expect((await read(required, { ...environment, GITHUB_RUN_ATTEMPT: '1' })).run).toEqual({ url, id: '7.1' })
    const again = (await read(required, { ...environment, GITHUB_RUN_ATTEMPT: '2' })).run
    expect(again).toEqual({ url: `${url}/attempts/2`, id: '7.2' })
    expect((await read(required)).run).toEqual({ url: '', id: '' })
  })

  it.each([
    ['team/app', { repository: 'team/app', reference: 'latest' }],
    ['team/app:1.2', { repository: 'team/app', reference: '1.2' }],
    [`team/app@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    [`team/app:1@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    ['registry.d1.example.net/team/app:1', { repository: 'team/app', reference: '1' }],
    ['registry.d1.example.net/team/app', { repository: 'team/app', reference: 'latest' }],
  ])('prove the image %s', async (image, reference) => {
    expect((await read({ ...required, 'verify-image': image })).registry.image).toEqual(reference)
  })

  it.each([
    ['team/app', 'registry.d1.example.net/team/app:latest'],
    ['app:1', 'registry.d1.example.net/app:1'],
    ['team/app@sha256:abc', 'registry.d1.example.net/team/app@sha256:abc'],
    ['docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['localhost/app', 'localhost/app:latest'],
    ['127.0.0.1:5000/team/app:1', '127.0.0.1:5000/team/app:1'],
  ])('run a Pod with the image %s', async (image, whole) => {
    const { deploy } = await read({ ...withSecret, image, 'pod-name': 'web.v1', 'wait-timeout': '0' })
    expect(deploy).toEqual({
      waitTimeout: 0,
      recreatePods: false,
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web.v1' },
          spec: { containers: [{ name: 'web-v1', image: whole }] },
        },
      ],
    })
  })

  it('take the image from the first registry given', async () => {
    const given = { 'docker-server': 'http://127.0.0.1:5000,b.example.com', image: 'team/app', 'pod-name': 'web' }
    expect((await read({ ...withSecret, ...given })).deploy?.objects[0]).toMatchObject({
      spec: { containers: [{ name: 'web', image: '127.0.0.1:5000/team/app:latest' }] },
    })
  })

  it('take manifests from files, directories, globs and the workflow itself', async () => {
    const named = (name: string) => pod.replace('name: web', `name: ${name}`)
    for (const directory of ['manifests/more', 'globs']) mkdirSync(join(folder.path, directory), { recursive: true })
    const one = file('one.txt', named('one'))
    file('manifests/b.yml', named('b'))
    file('manifests/a.json', JSON.stringify(load(named('a'))))
    file('manifests/README.md', 'no manifest')
    file('manifests/more/c.yaml', named('c'))
    file('globs/2.yaml', named('two'))
    file('globs/1.yaml', named('first'))
    const given = [one, join(folder.path, 'manifests'), join(folder.path, 'globs', '*.yaml')].join('\n')
    const { deploy } = await read({ ...withSecret, 'manifest-files': given, manifest: named('inline') })
    expect(deploy?.objects.map(({ metadata }) => metadata.name)).toEqual(['one', 'a', 'b', 'first', 'two', 'inline'])
    expect(deploy?.waitTimeout).toBe(300_000)
  })
})

const jobWithTokens = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token/?a=b',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-token',
}

describe('a kubeconfig', () => {
  const place = async (given: Given, environment?: NodeJS.ProcessEnv) => {
    const { cluster } = await read({ ...required, 'secret-name': 'pull', ...given }, environment)
    return { contexts: cluster?.contexts, clusters: cluster?.config.clusters.map(({ server }) => server) }
  }
  const both = ['https://prod.example.com', 'https://test.example.com']

  it('is a text, JSON, or a path', async () => {
    const expected = { contexts: ['prod'], clusters: both }
    expect(await place({ kubeconfig: config })).toEqual(expected)
    expect(await place({ kubeconfig: JSON.stringify(load(config)) })).toEqual(expected)
    expect(await place({ kubeconfig: file('given.yaml', config) })).toEqual(expected)
  })

  it('serves the contexts asked for, each once, or all', async () => {
    expect((await place({ kubeconfig: config, contexts: 'test\ntest' })).contexts).toEqual(['test'])
    expect((await place({ kubeconfig: config, contexts: '*' })).contexts).toEqual(['prod', 'test'])
  })

  it('is looked for as kubectl does', async () => {
    mkdirSync(join(folder.path, 'home', '.kube'), { recursive: true })
    file('home/.kube/config', config)
    const HOME = join(folder.path, 'home')
    expect((await place({}, { HOME })).contexts).toEqual(['prod'])
    const KUBECONFIG = file('other.yaml', config.replace('current-context: prod', 'current-context: test'))
    expect((await place({}, { HOME, KUBECONFIG })).contexts).toEqual(['test'])
    expect((await place({ kubeconfig: config }, { HOME, KUBECONFIG })).contexts).toEqual(['prod'])
  })

  it('is of several files, of which the first to say something wins', async () => {
    const first = kubeconfig([{ ...entry('prod'), server: 'https://first.example.com', user: { token: 'first' } }])
    const paths = [
      '/nowhere/config',
      file('first.yaml', first.replace(/^current-context.*$/m, '')),
      file('second.yaml', config.replace('current-context: prod', 'current-context: test')),
    ]
    const { cluster } = await read({ ...required, 'secret-name': 'pull' }, { KUBECONFIG: paths.join(delimiter) })
    expect(cluster?.contexts).toEqual(['test'])
    expect(cluster?.config.clusters.map(({ server }) => server)).toEqual(['https://first.example.com', both[1]])
    expect(cluster?.config.users.map(({ token }) => token)).toEqual(['first', `${SECRET}-test`])
  })

  it('can be left out for the address of a server', async () => {
    const given = { 'kube-server': 'https://k.example.com:6443', 'kube-token': SECRET, 'kube-ca': certificate }
    const { cluster } = await read({ ...required, 'secret-name': 'pull', ...given })
    expect(cluster?.contexts).toEqual(['k.example.com:6443'])
    expect(cluster?.config.getCurrentUser()?.token).toBe(SECRET)
    expect(cluster?.config.getCurrentCluster()).toMatchObject({
      server: 'https://k.example.com:6443',
      skipTLSVerify: false,
      caData: Buffer.from(certificate.trim()).toString('base64'),
    })
  })

  it("can be left out for GitHub's tokens, too", async () => {
    const { cluster } = await read({ ...server, 'kube-oidc-audience': 'https://k' }, jobWithTokens)
    expect(cluster?.config.getCurrentUser()?.authProvider?.config).toEqual({
      url: 'https://token/?a=b',
      requestToken: 'job-token',
      audience: 'https://k',
    })
    expect(redact('job-token')).toBe('***')
  })

  it('asks GitHub for no audience without a server', async () => {
    expect(await complaints({ ...withSecret, 'kube-oidc-audience': 'k' }, jobWithTokens)).toEqual([
      expect.stringContaining('`kube-oidc-audience` is given without `kube-server`'),
    ])
  })

  it('is not looked for when nothing is done in a cluster', async () => {
    expect((await read({ ...required, kubeconfig: '/nowhere/config' })).cluster).toBeUndefined()
  })
})
