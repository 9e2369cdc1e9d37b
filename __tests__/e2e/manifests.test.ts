// Manifests as people have them: what of them is applied, and what the errors say.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { describeScenarios, type Scenario } from './harness.ts'

const deployment = (container: string, volumes = '') => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  uid: 0b5a6a3e-0000-4000-8000-000000000000
  resourceVersion: "7"
  managedFields: [{manager: kubectl-edit}]
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: main
        image: team/app:old
        ${container}
${volumes}
status: {replicas: 3}
`
const noWait = { 'wait-timeout': '0' }
const applies = (scenario: Scenario) => scenario.requests(/^kubernetes PATCH .*\/(configmaps|deployments|pods)\//)

describeScenarios(
  'the manifests of a user',
  (openScenario) => {
    it('are read as kubectl reads them, without what a server wrote, and with the image of the build', async () => {
      await using scenario = await openScenario()
      using folder = mkdtempDisposableSync(join(tmpdir(), 'manifests-'))
      const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text)
      const volumes = '      volumes:\n      - name: v\n        secret: {secretName: s, defaultMode: 0400}\n'
      write('web.yaml', deployment('tty: yes', volumes))
      write('kustomization.yaml', 'resources: [web.yaml]\n')
      write('old.yaml', '# kind: Pod\n---\n')

      const image = `${scenario.ibm.registryHost}/team/app:new`
      const inputs = { ...noWait, 'manifest-files': folder.path, images: `team/app=${image}` }
      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      const path = `/apis/apps/v1/namespaces/${scenario.namespace}/deployments/web`
      const { spec } = (await scenario.kube.request('GET', path)).body
      expect(spec.template.spec).toMatchObject({
        containers: [{ image, tty: true }],
        volumes: [{ secret: { defaultMode: 256 } }],
      })
      expect(result.log).toContain(
        'because a server wrote it: Deployment web: metadata.uid, metadata.resourceVersion, metadata.managedFields, status',
      )
      expect(result.log).toContain(`kubectl kustomize ${folder.path} > manifests.yaml`)
      expect(result.log).toContain(`Left out ${join(folder.path, 'old.yaml')}: no Kubernetes object`)
      expect(applies(scenario)).toHaveLength(1)
    })

    it('are refused before any request when they were not rendered, or an image is in none', async () => {
      await using scenario = await openScenario()

      const template = await scenario.run({ manifest: deployment('workingDir: {{ .Values.dir }}') })
      const image = await scenario.run({ manifest: deployment('tty: false'), images: 'team/ap:1' })

      expect([template.code, image.code]).toEqual([1, 1])
      expect(template.annotations[0]?.message).toContain(
        'the manifest, document 1 (line 17) contains a template that was not rendered: {{ .Values.dir }}',
      )
      expect(image.annotations[0]?.message).toContain(
        '`images` contains "team/ap", which no container has. The images of the manifests are: team/app.',
      )
      expect(scenario.requests()).toEqual([])
    })

    it.each([
      ['imagePullPolcy: Always', 'its kind has no field .spec.template.spec.containers[name="main"].imagePullPolcy.'],
      [
        'env: [{name: A, value: "1"}, {name: A, value: "2"}]',
        'has more than one entry with name="A". Remove all but one.',
      ],
      ['tty: "yes"', '.tty must be of the type boolean.'],
    ])('with %s are an error after one request', async (container, text) => {
      await using scenario = await openScenario()

      const manifest = deployment(container).replace('team/app:old', `${scenario.ibm.registryHost}/team/app:1`)
      const result = await scenario.run({ ...noWait, manifest })

      expect(result.code).toBe(1)
      expect(result.annotations[0]?.message).toContain(text)
      expect(result.annotations[0]?.message).toContain('#manifest-invalid')
      expect(applies(scenario)).toHaveLength(1)
    })

    it('replace what kubectl apply made of an earlier version of them', async () => {
      await using scenario = await openScenario()
      const path = `/api/v1/namespaces/${scenario.namespace}/configmaps`
      const configMap = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data })
      await scenario.kube.request(
        'POST',
        `${path}?fieldManager=kubectl-client-side-apply`,
        configMap({ a: '1', b: '1' }),
      )
      const manifest = JSON.stringify(configMap({ a: '2' }))

      const dry = await scenario.run({ ...noWait, manifest, 'dry-run': 'true' })
      const before = (await scenario.kube.request('GET', `${path}/web`)).body
      const result = await scenario.run({ ...noWait, manifest })

      expect([dry.code, result.code]).toEqual([0, 0])
      expect(before.data).toEqual({ a: '1', b: '1' })
      expect((await scenario.kube.request('GET', `${path}/web`)).body.data).toEqual({ a: '2' })
      expect(result.log).toContain(`ConfigMap ${scenario.namespace}/web was applied with kubectl before`)
    })

    it('with an image at another port than the secret has are applied after a warning; a wrong host is an error', async () => {
      await using scenario = await openScenario()
      const host = scenario.ibm.registryHost
      const pod = (image: string) =>
        `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: ${image}}]}\n---\n`
      const privateImage = pod(`${host}/team/app:1`)

      const wrongHost = await scenario.run({
        ...noWait,
        'docker-server': 'registry-1.docker.io',
        manifest: privateImage,
      })
      expect(wrongHost.code).toBe(1)
      expect(wrongHost.annotations).toMatchObject([
        {
          message: expect.stringMatching(/"registry-1\.docker\.io".* Use https:\/\/index\.docker\.io\/v1\/ instead\./),
        },
      ])
      expect(scenario.requests(/./)).toEqual([])

      const mixed = await scenario.run({ ...noWait, manifest: privateImage + pod('busybox').replace('web', 'tool') })
      expect(mixed).toMatchObject({ code: 0, annotations: [] })

      const manifest = privateImage + pod('127.0.0.1/team/app:1').replace('web', 'other')
      const otherPort = await scenario.run({ ...noWait, manifest })
      expect(otherPort).toMatchObject({ code: 0, annotations: [{ level: 'warning' }] })
      const warning = `No entry of \`docker-server\` (${host}) matches the images of the manifests at "127.0.0.1"`
      expect(otherPort.annotations[0]?.message).toContain(warning)
      const position = otherPort.log.indexOf(warning)
      expect(position).toBeLessThan(otherPort.log.indexOf('/other'))
      expect(position).toBeGreaterThan(-1)
    })

    it('create the namespace of the secret first, with its labels, when the credential is verified', async () => {
      await using scenario = await openScenario()
      const made = `${scenario.namespace}-made`
      const manifest = [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: made, labels: { team: 'a' } } },
      ]
      const inputs = {
        ...noWait,
        namespaces: `${scenario.namespace}*`,
        manifest: manifest.map((one) => JSON.stringify(one)).join('\n---\n'),
      }
      const read = async () => await scenario.kube.request('GET', `/api/v1/namespaces/${made}`)

      const dry = await scenario.run({ ...inputs, 'dry-run': 'true', 'service-accounts': 'default' })
      const refused = await scenario.run({ ...inputs, 'verify-image': `${scenario.ibm.otherImage.repository}:1` })
      expect([dry.code, refused.code, (await read()).status]).toEqual([0, 1, 404])
      const planned = { result: 'planned' }
      expect(JSON.parse(dry.outputs.targets ?? '')).toMatchObject([
        { namespace: scenario.namespace, ...planned },
        { namespace: made, ...planned, serviceAccounts: [{ name: 'default', ...planned }] },
      ])
      expect(JSON.parse(dry.outputs.workloads ?? '')).toMatchObject([planned, planned, planned])
      scenario.forget()

      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect((await read()).body.metadata.labels).toMatchObject({ team: 'a' })
      expect(await scenario.secret(made)).toBeDefined()
      const writes = scenario.requests(new RegExp(`^kubernetes P.*/namespaces/${made}(?:$|/)`))
      expect(writes.map((line) => line.split('/').slice(4).join('/'))).toEqual([
        ...[made, `${made}/secrets/regcred`, `${made}/configmaps/web`],
      ])
      expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([
        { kind: 'Namespace', name: made, result: 'applied' },
        { kind: 'ConfigMap', namespace: scenario.namespace, result: 'applied' },
        { kind: 'ConfigMap', namespace: made, result: 'applied' },
      ])
    })

    it('have a namespace that `namespace-selector` matches by its labels, before it exists and after', async () => {
      await using scenario = await openScenario()
      const made = `${scenario.namespace}-made`
      const manifest = [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: made, labels: { team: made } } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${made}-2`, labels: { team: 'other' } } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
      ]
      const inputs = {
        ...noWait,
        namespaces: `${scenario.namespace}*`,
        'namespace-selector': `team in (${made})`,
        manifest: manifest.map((one) => JSON.stringify(one)).join('\n---\n'),
      }
      for (const result of ['created', 'unchanged']) {
        const run = await scenario.run(inputs)
        expect(run).toMatchObject({ code: 0, annotations: [] })
        expect(JSON.parse(run.outputs.targets ?? '')).toMatchObject([{ namespace: made, result }])
        expect(await scenario.secret(made)).toBeDefined()
      }
      const places = applies(scenario).flatMap((line) => /namespaces\/([^/]+)\/configmaps/.exec(line)?.[1] ?? [])
      expect(new Set(places)).toEqual(new Set([made]))
    })

    it('are applied in a namespace that `create-namespaces` makes, once its service account is there', async () => {
      await using scenario = await openScenario()
      const made = `${scenario.namespace}-made`
      const path = `/api/v1/namespaces/${made}`
      const { image, registryHost } = scenario.ibm
      const pod = { 'pod-name': 'web', image: `${registryHost}/${image.repository}:${image.tag}` }
      const inputs = { ...pod, namespaces: made, 'create-namespaces': 'true', 'service-accounts': 'default' }
      const isThere = async () => (await scenario.kube.request('GET', path)).status === 200
      const dry = await scenario.run({ ...inputs, 'dry-run': 'true' })
      expect([dry.code, await isThere()]).toEqual([0, false])

      const running = scenario.start(inputs)
      await vi.waitFor(async () => expect(await isThere()).toBe(true), 60_000)
      await scenario.kube.request('POST', `${path}/serviceaccounts`, {
        metadata: { name: 'default' },
        automountServiceAccountToken: false,
      })
      const result = await running.result

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(result.log).toContain(`Created namespace ${made} in cluster`)
      expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
        { namespace: made, result: 'created', serviceAccounts: [{ name: 'default', result: 'updated' }] },
      ])
      expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([
        { namespace: made, name: 'web', result: 'ready' },
      ])
    })

    it('that a quota forbids are an error with its own hint', async () => {
      await using scenario = await openScenario()
      const message =
        'configmaps "web" is forbidden: exceeded quota: small, requested: configmaps=1, used: 1, limited: 1'
      const body = JSON.stringify({ kind: 'Status', reason: 'Forbidden', message, code: 403 })
      scenario.plan('kubernetes PATCH /configmaps/', { kind: 'status', status: 403, body })

      const result = await scenario.run({
        ...noWait,
        manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n',
      })

      expect(result.code).toBe(1)
      expect(result.annotations[0]?.message).toMatch(/exceeded quota: small.*has used up its quota.*#admission-denied/)
      expect(result.annotations[0]?.message).not.toContain('Grant')
    })

    it('are not needed for a Pod in a namespace that enforces the restricted standard', async () => {
      await using scenario = await openScenario()
      const path = `/api/v1/namespaces/${scenario.namespace}`
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
      const type = { 'content-type': 'application/merge-patch+json' }
      await scenario.kube.request('PATCH', path, { metadata: { labels } }, type)

      const result = await scenario.run({ ...noWait, image: 'team/app:1', 'pod-name': 'web' })

      expect(result.code).toBe(0)
      expect((await scenario.kube.request('GET', `${path}/pods/web`)).body.spec).toMatchObject({
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
      })
    })
  },
  { isLong: true },
)
