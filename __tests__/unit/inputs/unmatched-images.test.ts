import { expect, it } from 'vitest'
import { config, type Provided, read, required, withSecret } from './fixture.ts'

const anyOf = (hosts: string) =>
  new RegExp(String.raw`^No entry of \`docker-server\` \(.+\) matches any images .+ at ${hosts}, such as`)
const partOf = (hosts: string) =>
  new RegExp(String.raw`^No entry of \`docker-server\` \(.+\) matches the images .+ at ${hosts}, such as`)

it.each<[Provided, RegExp[]]>([
  [{ image: 'team/app' }, []],
  [{ image: 'registry.d1.example.net/team/app' }, []],
  [
    { image: 'us.icr.io/team/app' },
    [/^No entry of `docker-server` \(registry\.d1\.example\.net\) matches the `image` us\.icr/],
  ],
  [{ image: 'registry.d1.example.net:443/team/app' }, [/Host and port must be identical\.$/]],
  [{ image: 'team/app', 'docker-server': 'https://index.docker.io/v1/' }, []],
])('warns when no registry matches the image of the Pod: %j', async (inputs, warnings) => {
  expect((await read({ ...withSecret, 'pod-name': 'web', ...inputs })).warnings).toEqual(
    warnings.map((one) => expect.stringMatching(one)),
  )
})

it.each<[string, string, readonly string[], readonly RegExp[]]>([
  ['all match', 'us.icr.io', ['us.icr.io/team/a', 'us.icr.io/team/b'], []],
  ['a public image is with a private one', 'us.icr.io', ['us.icr.io/team/a', 'busybox', 'ghcr.io/acme/tool'], []],
  ['public images of the same registry', 'us.icr.io', ['us.icr.io/team/a', 'icr.io/ibm/tool', 'cp.icr.io/cp/a'], []],
  ['one is at Docker Hub by default', 'docker.io', ['team/app', 'docker.io/team/app', 'quay.io/a/b'], []],
  ['none matches', 'us.icr.io', ['busybox', 'ghcr.io/acme/tool'], [anyOf('"docker.io", "ghcr.io"')]],
  ['one is in another region', 'us.icr.io', ['us.icr.io/team/a', 'de.icr.io/team/b'], [partOf('"de.icr.io"')]],
  [
    'one has another port',
    'r.example.com:5000',
    ['r.example.com:5000/a', 'r.example.com/b'],
    [partOf('"r.example.com"')],
  ],
  [
    'one is in another region of an account',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a',
      '123456789012.dkr.ecr.us-east-1.amazonaws.com/b',
      '999999999999.dkr.ecr.us-east-1.amazonaws.com/c',
    ],
    [partOf('"123456789012.dkr.ecr.us-east-1.amazonaws.com"')],
  ],
  ['both regions are listed', 'us.icr.io,de.icr.io', ['us.icr.io/team/a', 'de.icr.io/team/b'], []],
  ['only one of two hosts is used', 'us.icr.io,ghcr.io', ['us.icr.io/team/a'], []],
])('warns once, of the images of manifests that are probably a mistake: %s', async (_, servers, images, warnings) => {
  const manifest = images.map((image, index) => deployment(`web-${index}`, { image })).join('\n---\n')
  const { warnings: found } = await read({ ...withSecret, 'docker-server': servers, manifest })
  expect(found).toEqual(warnings.map((one) => expect.stringMatching(one)))
})

it('reads the images of init containers as well', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: {
      containers: [{ name: 'web', image: 'busybox' }],
      initContainers: [{ name: 'i', image: 'us.icr.io/team/a' }],
    },
  }
  const inputs = { ...withSecret, 'docker-server': 'us.icr.io', manifest: JSON.stringify(pod) }
  expect((await read(inputs)).warnings).toEqual([])
})

it.each<[string, Provided]>([
  ['the Pods name another pull secret', { ...withSecret, manifest: deployment('web', { secret: 'other' }) }],
  ['no secret is written', { ...required, kubeconfig: config, manifest: deployment('web', {}) }],
  ['nothing creates Pods', { ...withSecret, manifest: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}' }],
])('does not warn when %s', async (_, inputs) => {
  expect((await read(inputs)).warnings).toEqual([])
})

it('warns when the Pods name this pull secret', async () => {
  const manifest = deployment('web', { secret: 'pull' })
  expect((await read({ ...withSecret, manifest })).warnings).toHaveLength(1)
})

function deployment(name: string, { image = 'busybox', secret }: { image?: string; secret?: string }): string {
  const spec = { containers: [{ name, image }], ...(secret && { imagePullSecrets: [{ name: secret }] }) }
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { name } }, template: { metadata: { labels: { name } }, spec } },
  })
}
