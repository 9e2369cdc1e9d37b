import { describe, expect, it } from 'vitest'
import { imageAt, matchesImage, matchesNoImage, repositoryOf } from '../../../src/registry/reference.ts'
import { loginsFor } from '../../support/registry/docker-keyring.ts'

/** Whether the kubelet's keyring finds the entry for the image. */
function nodeMatches(server: string, image: string): boolean {
  const config = { auths: { [server]: { username: 'u', password: 'p' } } }
  const data = { '.dockerconfigjson': btoa(JSON.stringify(config)) }
  return loginsFor(image, [{ type: 'kubernetes.io/dockerconfigjson', data }]).length > 0
}

describe('a docker config entry', () => {
  it.each<[string, string, boolean]>([
    ['us.icr.io', 'us.icr.io/team/app', true],
    ['https://us.icr.io', 'us.icr.io/team/app', true],
    ['https://us.icr.io/', 'us.icr.io/team/app', true],
    ['https://us.icr.io/v2/', 'us.icr.io/team/app', true],
    ['us.icr.io/team', 'us.icr.io/team/app', true],
    ['us.icr.io/team', 'us.icr.io/teams/app', true],
    ['us.icr.io/other', 'us.icr.io/team/app', false],
    ['us.icr.io', 'de.icr.io/team/app', false],
    ['icr.io', 'us.icr.io/team/app', false],
    ['registry.ng.bluemix.net', 'us.icr.io/team/app', false],
    ['us.icr.io:443', 'us.icr.io/team/app', false],
    ['us.icr.io', 'us.icr.io:443/team/app', false],
    ['us.icr.io:443', 'us.icr.io:443/team/app', true],
    ['https://us.icr.io/v2', 'us.icr.io/team/app', false],
    ['*.icr.io', 'us.icr.io/team/app', true],
    ['u*.icr.io/team', 'us.icr.io/team/app', true],
    ['*.*.io', 'us.icr.io/team/app', true],
    ['*.io', 'us.icr.io/team/app', false],
    ['*', 'us.icr.io/team/app', false],
    ['*.icr.io', 'us.icr.io:443/team/app', false],
    ['us.icr.io:*', 'us.icr.io:443/team/app', false],
    [`${'*'.repeat(300)}x`, `${'a'.repeat(60)}/team/app`, false],
  ])('%s matches %s: %s', (server, image, matches) => {
    expect(matchesImage(server, image)).toBe(matches)
    expect(nodeMatches(server, image)).toBe(matches)
  })

  // https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go: `isDefaultRegistryMatch`
  it.each<[string, string, boolean]>([
    ...['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'https://docker.io'].flatMap((entry) =>
      ['docker.io/team/app', 'index.docker.io/team/app', 'team/app', 'busybox'].map(
        (image): [string, string, boolean] => [entry, image, true],
      ),
    ),
    ['docker.io/team', 'team/app', true],
    ['docker.io/team', 'docker.io/team/app', true],
    ['docker.io/other', 'team/app', false],
    ['docker.io/library', 'busybox', true],
    ['index.docker.io/team', 'team/app', false],
    ['index.docker.io/team', 'index.docker.io/team/app', false],
    ['registry-1.docker.io', 'team/app', false],
    ['hub.docker.com', 'team/app', false],
    ['docker.io', 'us.icr.io/team/app', false],
  ])('of Docker Hub, %s, matches %s: %s', (entry, image, matches) => {
    expect(matchesImage(entry, image)).toBe(matches)
  })
})

it.each<[entry: string, image: string, host: string | undefined, name: string | undefined]>([
  ['us.icr.io', 'team/app', undefined, 'us.icr.io/team/app'],
  ['https://us.icr.io/v2/', 'team/app', undefined, 'us.icr.io/team/app'],
  ['us.icr.io', 'app', undefined, 'us.icr.io/app'],
  ['us.icr.io/team', 'team/app', undefined, 'us.icr.io/team/app'],
  ['us.icr.io/team', 'app', undefined, undefined],
  ['us.icr.io', 'team/app', 'us.icr.io', 'us.icr.io/team/app'],
  ['us.icr.io', 'team/app', 'de.icr.io', undefined],
  ['registry', 'team/app', 'registry', 'registry/team/app'],
  ['https://index.docker.io/v1/', 'nginx', undefined, 'docker.io/library/nginx'],
  ['docker.io', 'nginx', 'index.docker.io', 'docker.io/library/nginx'],
  ['docker.io/library', 'nginx', undefined, 'docker.io/library/nginx'],
  ['docker.io/acme', 'nginx', undefined, undefined],
])('at the entry %s, the image %s of the host %s is %s', (entry, repository, host, name) => {
  const at = imageAt(entry, { host, repository, reference: '1' })
  expect(at && `${at.host}/${at.repository}`).toBe(name)
})

it.each([
  ['https://us.icr.io/v2', true],
  ['us.icr.io/v1', true],
  ['us.icr.io/Team', true],
  ['us.icr.io', false],
  ['https://index.docker.io/v1/', false],
  ['index.docker.io/team', true],
  ['registry', true],
  ['https://registry/v2/', true],
  ['registry:5000', false],
  ['localhost', false],
  ['docker.io/team', false],
  ['gcr.io/project', false],
  ['europe-docker.pkg.dev/project/repository', false],
])('%s can match no image: %s', (server, expected) => {
  expect(matchesNoImage(server)).toBe(expected)
})

it.each([
  ['us.icr.io/team/app', 'us.icr.io/team/app'],
  ['us.icr.io:443/team/app', 'us.icr.io:443/team/app'],
  ['us.icr.io:443/team/app:1', 'us.icr.io:443/team/app'],
  ['us.icr.io/team/app:1@sha256:abc', 'us.icr.io/team/app'],
  ['app@sha256:abc', 'app'],
])('the repository of %s is %s', (image, repository) => {
  expect(repositoryOf(image)).toBe(repository)
})
