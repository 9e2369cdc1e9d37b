// The examples with two registries and with Harbor, run as they are written: only an image and the address of Harbor are those of
// the fake services.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { jobOf } from '../support/documented-workflow.ts'
import { startFakeHarbor } from '../support/harbor/environment.ts'
import { openReader } from './documented-run.ts'

const SECRET = 'team-registry'
const DOCKER_HUB = 'https://index.docker.io/v1/'

it('examples/two-registries.yml has a credential for each registry in one secret, and then nothing to do', async () => {
  await using reader = await openReader({
    hosts: ['us.icr.io', 'registry-1.docker.io'],
    domain: 'icr.io',
    namespaces: ['shop'],
  })
  const job = jobOf(example('two-registries').replace('acme/app', 'team/app'))
  const settings = { 'vars.DOCKERHUB_USERNAME': 'token', 'secrets.DOCKERHUB_TOKEN': reader.token }

  const first = await reader.run(job, settings)
  const secret = await reader.secret(SECRET)
  const second = await reader.run(job, settings)

  expect(first).toMatchObject([{ code: 0, annotations: [] }, { code: 0 }])
  expect(first.map(resultsOf)).toEqual([['created'], ['updated']])
  const [key] = reader.ibm.liveKeys()
  expect(loginFor(secret, 'us.icr.io')).toMatchObject({ username: 'iamapikey', password: key?.value })
  expect(loginFor(secret, DOCKER_HUB)).toMatchObject({ username: 'token', password: reader.token })
  expect(second).toMatchObject([
    { code: 0, annotations: [], outputs: { changed: 'false', minted: 'false' } },
    { code: 0, outputs: { changed: 'false' } },
  ])
  expect(await reader.secret(SECRET)).toEqual(secret)
})

it('examples/harbor.yml mints a robot account with the permissions that its comment lists, and then nothing', async () => {
  await using harbor = await startFakeHarbor()
  await using reader = await openReader({ hosts: ['ghcr.io'], domain: 'ghcr.io', namespaces: ['shop'] })
  const permissions = [
    ['project', 'read'],
    ['robot', 'create'],
    ['robot', 'read'],
    ['robot', 'list'],
    ['robot', 'delete'],
    ['repository', 'pull'],
  ]
  const access = permissions.map(([resource = '', action = '']) => ({ resource, action }))
  const creator = harbor.createRobot({
    name: 'team+rotation',
    permissions: [{ kind: 'project', namespace: 'team', access }],
  })
  const job = jobOf(example('harbor').replace('https://harbor.example.com', harbor.url))
  const settings = { 'secrets.HARBOR_PASSWORD': creator.value }

  const [first] = await reader.run(job, settings)
  const [second] = await reader.run(job, settings)

  expect(first).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
  const [robot] = harbor.presentRobots().filter(({ id }) => id !== creator.id)
  expect(robot).toMatchObject({ id: first?.outputs['token-id'], duration: 90 })
  const stored = loginFor(await reader.secret(SECRET), harbor.registryHost)
  expect(stored).toMatchObject({ username: robot?.username, password: robot?.value })
  expect(await harbor.pullsWith(stored?.username ?? '', stored?.password ?? '')).toBe(200)
  expect(second).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'false' } })
})

function example(name: string): string {
  return readFileSync(`examples/${name}.yml`, 'utf8')
}

function resultsOf({ outputs }: { readonly outputs: Readonly<Record<string, string>> }): string[] {
  return JSON.parse(outputs.targets ?? '[]').map(({ result }: { readonly result: string }) => result)
}
