// Manifests as people have them: printed by kubectl, next to a kustomization or a chart, with an old image.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CapturedLog, captureLog } from '../../support/runner/captured-log.ts'
import { file, folder, pod, read, withSecret } from './fixture.ts'

const noticesIn = ({ lines }: CapturedLog) => lines.filter((line) => line.startsWith('Left out'))

describe('a manifest that kubectl get printed', () => {
  const printed = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      labels: { a: '1' },
      annotations: {
        own: '1',
        'deployment.kubernetes.io/revision': '3',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
      creationTimestamp: '2026-01-01T00:00:00Z',
      generation: 3,
      managedFields: [{ manager: 'kubectl' }],
      resourceVersion: '5',
      selfLink: '/apis',
      uid: 'u',
    },
    spec: { replicas: 1 },
    status: { replicas: 1 },
  }

  it('loses what a server wrote, with one line in the log', async () => {
    using captured = captureLog()
    const { deploy } = await read({
      ...withSecret,
      manifest: JSON.stringify({ kind: 'List', items: [printed, printed] }),
    })
    const metadata = { name: 'web', labels: { a: '1' }, annotations: { own: '1' } }
    const { apiVersion, kind, spec } = printed
    expect(deploy?.objects).toEqual([
      { apiVersion, kind, metadata, spec },
      { apiVersion, kind, metadata, spec },
    ])
    const fields =
      'Deployment web: metadata.creationTimestamp, metadata.generation, metadata.managedFields, metadata.resourceVersion, metadata.selfLink, metadata.uid, annotation deployment.kubernetes.io/revision, annotation kubectl.kubernetes.io/last-applied-configuration, status'
    expect(noticesIn(captured)).toEqual([`Left out of the manifests, because a server wrote it: ${fields}; ${fields}`])
  })

  it('is silent about empty fields, which kubectl create prints', async () => {
    using captured = captureLog()
    const manifest = JSON.stringify({ ...printed, metadata: { name: 'web', creationTimestamp: null }, status: {} })
    const { deploy } = await read({ ...withSecret, manifest })
    expect(deploy?.objects[0]).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 1 },
    })
    expect(noticesIn(captured)).toEqual([])
  })
})

describe('the sources of a kustomization or a chart', () => {
  function directory(name: string, files: Readonly<Record<string, string>>): string {
    mkdirSync(join(folder.path, name), { recursive: true })
    for (const [path, text] of Object.entries(files)) file(join(name, path), text)
    return join(folder.path, name)
  }

  it('are left out, with the command that renders them', async () => {
    using captured = captureLog()
    const path = directory('kustomized', { 'kustomization.yaml': 'resources: [web.yaml]', 'web.yaml': pod })
    const chart = directory('chart', { 'Chart.yaml': 'name: web', 'values.yaml': 'a: 1', 'web.yaml': pod })
    const { deploy } = await read({ ...withSecret, 'manifest-files': `${path}\n${join(chart, '*.yaml')}` })
    expect(deploy?.objects).toHaveLength(2)
    expect(noticesIn(captured)).toEqual([
      `Left out ${join(path, 'kustomization.yaml')}: no manifest. To deploy what it describes: kubectl kustomize ${path} > manifests.yaml`,
      `Left out ${join(chart, 'Chart.yaml')}, ${join(chart, 'values.yaml')}: no manifest. To deploy what it describes: helm template ${chart} > manifests.yaml`,
    ])
  })

  it('are left out with what a kustomization uses, and with the templates and values of a chart', async () => {
    using captured = captureLog()
    const kustomization = `
resources: [web.yaml]
patches:
- path: replicas.yaml
- patch: |-
    - op: remove
      path: /spec
patchesStrategicMerge: [merge.yaml]
configMapGenerator: [{name: a, files: [b=settings.yaml], envs: [a.env]}]
`
    const path = directory('overlay', {
      ...{ 'kustomization.yaml': kustomization, 'merge.yaml': pod, 'replicas.yaml': '- op: add', 'web.yaml': pod },
      'settings.yaml': 'a: 1',
    })
    const chart = directory('mixed', { 'Chart.yaml': 'name: web', 'values-prod.yaml': 'a: 1', 'values.txt': '' })
    const templates = directory(join('mixed', 'templates', 'web'), { 'pod.yaml': '{{ .Values.a }}' })
    directory(join('mixed', 'other', 'templates'), { 'values-a.yaml': pod })

    const { deploy } = await read({ ...withSecret, 'manifest-files': `${path}\n${chart}/**/*.yaml` })

    expect(deploy?.objects).toHaveLength(2)
    const left = ['kustomization', 'merge', 'replicas', 'settings'].map((name) => join(path, `${name}.yaml`))
    expect(noticesIn(captured)).toEqual([
      `Left out ${left.join(', ')}: no manifest. To deploy what it describes: kubectl kustomize ${path} > manifests.yaml`,
      `Left out ${join(chart, 'Chart.yaml')}, ${join(templates, 'pod.yaml')}, ${join(chart, 'values-prod.yaml')}: no manifest. To deploy what it describes: helm template ${chart} > manifests.yaml`,
    ])
  })

  it('are an error when there is nothing else', async () => {
    const path = directory('only', { 'kustomization.yml': 'resources: [../web]', 'values.yaml': 'a: 1' })
    await expect(read({ ...withSecret, 'manifest-files': path })).rejects.toMatchObject({
      errors: [
        {
          message: expect.stringContaining('which has no manifest: '),
          hint: `Render it in an earlier step, and use the result: \`kubectl kustomize ${path} > manifests.yaml\`, \`helm template ${path} > manifests.yaml\`.`,
        },
      ],
    })
  })
})

describe('images', () => {
  const manifest = (image: string) => pod.replace(/image: [^}]*/, `image: ${image}`)
  const errorsOf = (provided: Readonly<Record<string, string>>) =>
    read({ ...withSecret, ...provided }).then(
      () => [],
      ({ errors }: { errors: { message: string; hint?: string }[] }) =>
        errors.map(({ message, hint }) => [message, hint]),
    )

  it('replace those of the manifests', async () => {
    const provided = { manifest: manifest('team/app:old'), images: 'team/app:new' }
    const { deploy } = await read({ ...withSecret, ...provided })
    expect(deploy?.objects[0]?.spec).toMatchObject({ containers: [{ image: 'team/app:new' }] })
  })

  it('must be in the manifests', async () => {
    expect(await errorsOf({ manifest: manifest('team/app:old'), images: 'team/app:1\nteam/ap:1' })).toEqual([
      ['Input `images` contains "team/ap", which no container has', 'The images of the manifests are: team/app.'],
    ])
  })

  it.each([
    [{ manifest: manifest('team/app:1'), images: 'team/app' }, 'Input `images` contains "team/app"'],
    [
      { manifest: manifest('team/app:1'), images: 'team/app:1,team/app:2' },
      'Input `images` contains "team/app" more than once',
    ],
    [{ images: 'team/app:1' }, 'Input `images` needs `manifest` or `manifest-files`, which are not set'],
    [
      { image: 'team/app:1', 'pod-name': 'web', images: 'team/app:1' },
      'Input `images` cannot be combined with `image`',
    ],
  ])('of %j are an error', async (provided, message) => {
    expect((await errorsOf(provided)).map(([text]) => text)).toEqual([message])
  })
})
