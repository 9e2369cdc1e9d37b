// Runs in which a secret would be shown, or stay unknown to the runner, if the action did not mask it.
import { randomBytes } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { type Scenario, SECRET } from '../e2e/harness.ts'
import { editSecret } from '../e2e/tenant.ts'
import { writeProgram } from '../support/credential-helper.ts'
import type { GithubOidc } from '../support/github-oidc.ts'
import { type FakeHarbor, startFakeHarbor } from '../support/harbor/environment.ts'
import { harborInputs } from '../support/harbor/inputs.ts'
import type { Fault } from '../support/http/faults.ts'
import type { JournalEntry } from '../support/http/http-server.ts'
import { installCli } from '../support/ibm/cli.ts'
import { noDedicatedInputs, staticInputs } from '../support/ibm/inputs.ts'
import { signHs256 } from '../support/ibm/jwt.ts'
import { OIDC_ACCESS_TOKEN, startOidcIssuer } from '../support/oidc-issuer.ts'

type Inputs = Readonly<Record<string, string>>

export interface StepOfScenario {
  readonly inputs?: Inputs
  readonly env?: Inputs
  /** Secrets that the step gets otherwise than by a request: the runner must know them as they are. */
  readonly received?: readonly string[]
  /** Of a server that is not part of each scenario. */
  readonly journal?: readonly JournalEntry[]
}

export interface Context {
  readonly scenario: Scenario
  /** A folder of this run. */
  readonly folder: string
  readonly github: GithubOidc
  /** What is disposed of after the run. */
  readonly resources: AsyncDisposableStack
}

/** Plans what goes wrong. @returns the step that meets it */
type Prepare = (context: Context) => Promise<StepOfScenario> | StepOfScenario

const echo: Fault = { kind: 'echo' }

export const scenarios: Readonly<Record<string, Prepare>> = {
  'a login is echoed': ({ scenario }) => {
    scenario.plan('uaa POST', echo)
    return {}
  },

  'the access token of a login is echoed': ({ scenario }) => {
    scenario.plan('cf GET /v3', echo)
    scenario.plan('tokens POST', echo)
    return {}
  },

  'the session of the CLI is echoed': async ({ scenario, folder }) => {
    await installCli(folder, { uaaToken: scenario.ibm.login.uaaToken })
    scenario.plan('cf GET /v3', echo)
    return { inputs: { username: '', password: '' }, env: { PATH: `${folder}:/usr/bin:/bin` } }
  },

  'a minted token has no id': ({ scenario }) => {
    const { value } = scenario.ibm.mintToken()
    const body = JSON.stringify({ token: value.replace(/\.[^.]+\./, `.${btoa('{"no":"id"}')}.`) })
    scenario.plan('tokens POST', { kind: 'status', status: 200, body })
    return {}
  },

  'a minted API key has no id': ({ scenario }) => {
    const body = JSON.stringify({ apikey: scenario.ibm.mintKey().value })
    scenario.plan('iam POST /v1/apikeys', { kind: 'status', status: 201, body })
    return { inputs: scenario.ibmcloud }
  },

  'the access token of IAM is echoed': ({ scenario }) => {
    scenario.plan('iam POST /v1/apikeys', echo)
    return { inputs: scenario.ibmcloud }
  },

  'a stored API key is echoed by IAM': async ({ scenario }) => {
    await scenario.run(scenario.ibmcloud)
    scenario.plan('iam GET /v1/apikeys/details', { kind: 'echo', status: 400 })
    return { inputs: { ...scenario.ibmcloud, 'max-age': '0' } }
  },

  'the login at Harbor is echoed': async (context) => {
    const harbor = await openHarbor(context)
    harbor.faults.add({ when: { server: 'harbor' }, fault: echo })
    return harborStep(context, harbor)
  },

  'a minted robot account has no id': async (context) => {
    const harbor = await openHarbor(context)
    const { value: secret, username: name } = harbor.createRobot()
    const body = JSON.stringify({ name, secret })
    harbor.faults.add({ when: { method: 'POST' }, fault: { kind: 'status', status: 201, body }, times: 9 })
    return harborStep(context, harbor)
  },

  'the registry returns another token than the stored one': async ({ scenario }) => {
    await scenario.run()
    await editSecret(scenario, scenario.namespace, { record: { id: scenario.ibm.mintToken().id } })
    return { inputs: { 'max-age': '0' } }
  },

  'a new token is echoed by the token server': ({ scenario }) => {
    scenario.plan('realm GET', echo)
    return {}
  },

  'a stored token is echoed by the token server': async ({ scenario }) => {
    await scenario.run()
    scenario.plan('realm GET', { kind: 'echo', status: 401 }, 1)
    return {}
  },

  'a bearer token is echoed by the registry': ({ scenario }) => {
    scenario.plan('registry HEAD', echo)
    scenario.plan('registry GET /manifests', echo)
    return {}
  },

  'a provided credential is not verified': ({ scenario }) => {
    scenario.plan('registry GET', { kind: 'status', status: 404 })
    return { inputs: provided(scenario) }
  },

  'a provided credential is written, and the request is echoed': ({ scenario }) => {
    scenario.plan('kubernetes PATCH apply', echo)
    return { inputs: provided(scenario) }
  },

  'a later step encodes what kubectl shows of the secret': async ({ scenario }) => {
    const inputs = provided(scenario)
    await scenario.run(inputs)
    // The base64 of the docker config, encoded once more. Its last character depends on what follows.
    const shown = (await scenario.secret()).data['.dockerconfigjson']
    const encoded = btoa(shown).slice(0, Math.ceil((shown.length * 4) / 3))
    return { inputs, received: [shown.length % 3 === 0 ? encoded : encoded.slice(0, -1)] }
  },

  'the password of a kubeconfig is echoed': ({ scenario }) => {
    scenario.plan('kubernetes GET', echo)
    return {
      inputs: { kubeconfig: kubeconfigOf(scenario, { username: 'admin', password: 'correct horse <battery>' }) },
    }
  },

  'the token of a kubeconfig is echoed': ({ scenario }) => {
    scenario.plan('kubernetes GET', echo)
    return {}
  },

  'the token of an exec plugin is echoed': async ({ scenario, folder }) => {
    scenario.plan('kubernetes GET', echo)
    const exec = await installPlugin(folder, { token: scenario.kube.adminToken })
    return { inputs: { kubeconfig: kubeconfigOf(scenario, { exec }) } }
  },

  'an exec plugin returns a client certificate': async ({ scenario, folder }) => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`
    const status = { token: scenario.kube.adminToken, clientCertificateData: 'none', clientKeyData: key }
    const exec = await installPlugin(folder, status)
    // The runner masks each line of what has several: a key is registered in its other forms.
    return { inputs: { kubeconfig: kubeconfigOf(scenario, { exec }) }, received: [JSON.stringify(key).slice(1, -1)] }
  },

  'the login of a person is refreshed': async ({ scenario, resources }) => {
    const issuer = resources.use(await startOidcIssuer(() => scenario.kube.adminToken))
    const config = {
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': btoa(issuer.certificateAuthority),
      'client-id': 'kube',
      'client-secret': 'the secret of the client',
      'id-token': signHs256({ exp: 1_700_000_000 }, 'secret'),
      'refresh-token': issuer.refreshToken,
    }
    const kubeconfig = kubeconfigOf(scenario, { 'auth-provider': { name: 'oidc', config } })
    const basic = btoa(`kube:${encodeURIComponent(config['client-secret'])}`)
    return { inputs: { kubeconfig }, received: [basic, OIDC_ACCESS_TOKEN] }
  },

  'the kubeconfig is base64': ({ scenario }) => {
    const kubeconfig = btoa(scenario.kube.kubeconfig())
    const wrapped = kubeconfig.replaceAll(/.{76}/g, '$&\n')
    return { inputs: { kubeconfig: wrapped }, received: [kubeconfig, JSON.stringify(wrapped).slice(1, -1)] }
  },

  'the token of a cluster is base64': ({ scenario: { kube } }) => {
    const token = signHs256({ sub: 'deployer' }, 'secret')
    const cluster = { kubeconfig: '', 'kube-server': kube.url, 'kube-ca': kube.certificateAuthority }
    return { inputs: { ...cluster, 'kube-token': btoa(token) }, received: [token] }
  },

  'the password is the base64 of a token': ({ scenario }) => {
    const token = `ghp_${randomBytes(18).toString('hex')}`
    return { inputs: { ...provided(scenario), 'docker-password': btoa(token) }, received: [token] }
  },

  'the user name is a JWT': ({ scenario }) => {
    const username = signHs256({ sub: 'nginx' }, 'secret')
    const login = { 'docker-username': username, 'docker-password': 'none' }
    return { inputs: { ...provided(scenario), ...login }, received: [username] }
  },

  'the user name of a kept entry is a JWT': async ({ scenario }) => {
    await scenario.run()
    const username = signHs256({ sub: 'kept' }, 'secret')
    const { data } = await scenario.secret()
    const { auths } = JSON.parse(atob(data['.dockerconfigjson']))
    const kept = { ...auths, 'private-registry.nginx.com': { username, password: 'none' } }
    const change = { data: { '.dockerconfigjson': btoa(JSON.stringify({ auths: kept })) } }
    const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
    await scenario.kube.request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })
    return { inputs: { 'max-age': '0' }, received: [username] }
  },

  'a docker config has credentials that nodes cannot use': async ({ scenario, folder }) => {
    const [password, token] = ['a password without a user', 'an identity token']
    const username = signHs256({ sub: 'docker' }, 'secret')
    const auths = { a: { password }, 'b.io': { identitytoken: token }, 'c.io': { username, password: 'none' } }
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }))
    return {
      inputs: dockerConfigInputs(scenario),
      env: { DOCKER_CONFIG: folder },
      received: [password, token, username],
    }
  },

  'the text of a docker config is provided': ({ scenario }) => {
    const auth = btoa(`token:${scenario.ibm.mintToken().value}`)
    const config = JSON.stringify({ auths: { [scenario.ibm.registryHost]: { auth } } })
    scenario.plan('realm GET', echo)
    return { inputs: { ...dockerConfigInputs(scenario), 'docker-config': config }, received: [config] }
  },

  'a credential helper fails with a secret': ({ scenario, folder }) => {
    const secret = 'the secret of a helper'
    writeProgram(folder, 'failing', [`echo '${JSON.stringify({ Username: 'jo', Secret: secret })}'; exit 1`])
    const config = { 'docker-config': '{"credsStore":"failing"}', 'docker-server': 'a.example.com' }
    return {
      inputs: { ...dockerConfigInputs(scenario), ...config },
      env: { PATH: `${folder}:/usr/bin:/bin` },
      received: [secret],
    }
  },

  'a proxy needs a login': () => proxyOf('http://jo:proxy%20password@127.0.0.1:1', 'jo', 'proxy password'),

  'the login of a proxy is not encoded': () => proxyOf('http://jo:proxy%password@127.0.0.1:1', 'jo', 'proxy%password'),

  'the request token of the job is echoed': ({ scenario, github }) => {
    github.faults.add({ when: () => true, fault: echo, times: Number.POSITIVE_INFINITY })
    return withOidc(scenario, github)
  },

  'a token of the job is echoed': ({ scenario, github }) => {
    scenario.plan('kubernetes GET', echo)
    return withOidc(scenario, github)
  },
}

async function openHarbor({ resources }: Context): Promise<FakeHarbor> {
  return resources.use(await startFakeHarbor())
}

function harborStep({ scenario }: Context, harbor: FakeHarbor): StepOfScenario {
  return { inputs: { ...noDedicatedInputs(scenario.ibm), ...harborInputs(harbor) }, journal: harbor.journal }
}

function provided({ ibm }: Scenario): Inputs {
  return staticInputs(ibm, ibm.mintToken().value)
}

function dockerConfigInputs({ ibm }: Scenario): Inputs {
  return { ...noDedicatedInputs(ibm), provider: 'docker-config' }
}

/** A program that returns a credential. @returns the `exec` of a kubeconfig user */
async function installPlugin(folder: string, status: object): Promise<object> {
  const command = join(folder, 'login')
  const apiVersion = 'client.authentication.k8s.io/v1'
  await writeFile(join(folder, 'credential'), JSON.stringify({ apiVersion, kind: 'ExecCredential', status }))
  await writeFile(command, `#!/bin/sh\ncat ${folder}/credential\n`)
  await chmod(command, 0o755)
  return { apiVersion, command, interactiveMode: 'Never' }
}

function proxyOf(url: string, username: string, password: string): StepOfScenario {
  return { env: { HTTPS_PROXY: url }, received: [password, btoa(`${username}:${password}`)] }
}

function kubeconfigOf({ kube }: Scenario, user: object): string {
  const config = load(kube.kubeconfig()) as { users: [{ user: object }] }
  config.users[0].user = user
  return dump(config)
}

function withOidc({ kube }: Scenario, { env, audience }: GithubOidc): StepOfScenario {
  const cluster = { kubeconfig: '', 'kube-server': kube.url, 'kube-ca': kube.certificateAuthority }
  return { inputs: { ...cluster, 'kube-oidc-audience': audience }, env: { ...env } }
}
