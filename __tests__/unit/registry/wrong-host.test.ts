import { expect, it } from 'vitest'
import { matchesImage } from '../../../src/registry/reference.ts'
import { rightHost } from '../../../src/registry/wrong-host.ts'

const HUB = 'https://index.docker.io/v1/'

it.each([
  ['registry-1.docker.io', HUB],
  ['auth.docker.io', HUB],
  ['docker.com', HUB],
  ['www.docker.com', HUB],
  ['hub.docker.com', HUB],
  ['registry.hub.docker.com', HUB],
  ['login.docker.com', HUB],
  ['github.com', 'ghcr.io'],
  ['api.github.com', 'ghcr.io'],
  ['gitlab.com', 'registry.gitlab.com'],
  ['cloud.ibm.com', /us\.icr\.io/],
  ['iam.cloud.ibm.com', /us\.icr\.io/],
  ['portal.azure.com', /azurecr\.io/],
  ['azurecr.io', /azurecr\.io/],
  ['console.cloud.google.com', /docker\.pkg\.dev/],
  ['us-east-1.console.aws.amazon.com', /dkr\.ecr/],
  ['catalog.redhat.com', 'registry.redhat.io'],
  ['redhat.com', 'registry.redhat.io'],
  ['npm.pkg.github.com', 'ghcr.io'],
  ['ghrc.io', 'ghcr.io'],
  ['ghcr.com', 'ghcr.io'],
  ['quay.com', 'quay.io'],
  ['us-south.icr.io', /us\.icr\.io/],
  ['private.eu-de.icr.io', /us\.icr\.io/],
  ['shop.azurecr.com', /azurecr\.io/],
  ['europe.pkg.dev', /docker\.pkg\.dev/],
  ['europe-npm.pkg.dev', /docker\.pkg\.dev/],
  ['artifactregistry.googleapis.com', /docker\.pkg\.dev/],
  ['123456789012.ecr.eu-west-1.amazonaws.com', /dkr\.ecr/],
  ['12345678901.dkr.ecr.eu-west-1.amazonaws.com', /dkr\.ecr/],
  ['123456789012.dkr.ecr.amazonaws.com', /dkr\.ecr/],
  ['api.ecr.eu-west-1.amazonaws.com', /dkr\.ecr/],
  ['ecr.aws', 'public.ecr.aws'],
  ['cloud.digitalocean.com', 'registry.digitalocean.com'],
  ['ngc.nvidia.com', 'nvcr.io'],
])('instead of %s use %s', (host, right) => {
  expect(rightHost(host, false)).toMatch(right)
})

it.each([
  ...['docker.io', 'index.docker.io', 'ghcr.io', 'registry.gitlab.com', 'gcr.io', 'eu.gcr.io', 'icr.io', 'us.icr.io'],
  ...['private.us.icr.io', 'europe-docker.pkg.dev', 'shop.azurecr.io', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
  ...['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn'],
  ...['private.jp2.icr.io', 'cp.icr.io', 'us-east1-docker.pkg.dev', 'shop.azurecr.cn', 'docker.pkg.github.com'],
  ...['public.ecr.aws', 'quay.io', 'registry.redhat.io', 'docker.com.example.net', 'mygithub.com', 'localhost'],
])('%s may be in the name of an image', (host) => {
  expect(rightHost(host, false)).toBeUndefined()
})

it.each(['registry-1.docker.io', 'registry.hub.docker.com'])(
  '%s serves images under its own name, in addition to Docker Hub',
  (host) => {
    expect(rightHost(host, true)).toBeUndefined()
    expect(matchesImage(host, `${host}/team/app`)).toBe(true)
    expect(matchesImage(host, 'team/app')).toBe(false)
  },
)

it('a page of Docker Hub is wrong in addition to Docker Hub as well', () => {
  expect(rightHost('hub.docker.com', true)).toBe(HUB)
})
