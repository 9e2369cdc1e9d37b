// The permissions that the builder asks for, and the commands that store what its workflow reads.
import { load, loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { accessManifest } from '../../../scripts/builder/access.ts'
import type { Choices } from '../../../scripts/builder/choices.ts'
import { commandsOf } from '../../../scripts/builder/commands.ts'
import { settingsOf, workflowOf } from '../../../scripts/builder/workflow.ts'
import { COMBINATIONS, choose, data } from './sample-choices.ts'

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules?: readonly object[]
  readonly subjects?: readonly object[]
  readonly roleRef?: { readonly name: string }
}

function manifests(choices: Choices): Manifest[] {
  return loadAll(accessManifest(data, choices)) as Manifest[]
}

/** `Role shop`, `ClusterRole` and so on, in the order of the file. */
function titles(choices: Choices): string[] {
  return manifests(choices).map(({ kind, metadata }) => [kind, metadata.namespace].filter(Boolean).join(' '))
}

function rules(choices: Choices): unknown[] {
  return manifests(choices).flatMap(({ rules = [] }) => rules)
}

const secrets = { apiGroups: [''], resources: ['secrets'], resourceNames: ['team-registry'] }
const write = { ...secrets, verbs: ['get', 'create', 'patch'] }

describe('the permissions', () => {
  it('are for the one Secret of one namespace', () => {
    const choices = choose('ghcr')
    expect(titles(choices)).toEqual(['ServiceAccount shop', 'Secret shop', 'Role shop', 'RoleBinding shop'])
    expect(rules(choices)).toEqual([write])
  })

  it('are given in each namespace that is named, to one ServiceAccount', () => {
    const choices = choose('ghcr', { values: { namespaces: 'shop, billing' } })
    const account = ['ServiceAccount shop', 'Secret shop']
    expect(titles(choices)).toEqual([
      ...account,
      'Role shop',
      'RoleBinding shop',
      'Role billing',
      'RoleBinding billing',
    ])
    expect(manifests(choices).flatMap(({ subjects = [] }) => subjects)).toEqual(
      Array(2).fill({ kind: 'ServiceAccount', namespace: 'shop', name: 'registry-pull-secret' }),
    )
  })

  it.each<[string, Partial<Choices>, string[]]>([
    ['a ServiceAccount', {}, ['registry-pull-secret', 'registry-pull-secret-shop']],
    [
      'GitHub',
      { access: 'oidc', user: 'github:repo:acme/shop' },
      Array(2).fill('registry-pull-secret-github-repo-acme-shop'),
    ],
  ])('leave those of the ServiceAccounts of other namespaces as they are: %s', (_, access, names) => {
    const choices = { ...choose('ghcr', { values: { namespaces: 'shop, billing' } }), ...access }
    const own = manifests(choices).filter(({ kind }) => kind === 'Role' || kind === 'RoleBinding')
    expect(own.map(({ metadata }) => metadata.name)).toEqual(names.flatMap((name) => [name, name]))
    const refs = own.flatMap(({ roleRef }) => roleRef?.name ?? [])
    expect(refs).toEqual(names)
  })

  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['a glob', { namespaces: 'team-*' }, ['list']],
    ['a selector', { namespaces: '', 'namespace-selector': 'team=a' }, ['list']],
    ['an exclusion alone selects nothing', { namespaces: 'a,!team-*', 'create-namespaces': 'true' }, ['get', 'create']],
    ['both', { namespaces: 'a,team-*', 'create-namespaces': 'true' }, ['list', 'get', 'create']],
  ])('are for all namespaces with %s', (_, values, verbs) => {
    const choices = choose('ghcr', { values })
    const where = 'registry-pull-secret'
    expect(titles(choices)).toEqual([
      'Namespace',
      `ServiceAccount ${where}`,
      `Secret ${where}`,
      'ClusterRole',
      'ClusterRoleBinding',
    ])
    expect(rules(choices)).toEqual([write, { apiGroups: [''], resources: ['namespaces'], verbs }])
    expect(rules({ ...choices, mayListSecrets: true })).toContainEqual({
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['list'],
    })
  })

  it('name the service accounts', () => {
    const accounts = { apiGroups: [''], resources: ['serviceaccounts'] }
    expect(rules(choose('ghcr', { values: { 'service-accounts': 'default' } }))).toContainEqual({
      ...accounts,
      resourceNames: ['default'],
      verbs: ['get', 'patch'],
    })
    expect(rules(choose('ghcr', { values: { 'service-accounts': '*' } }))).toContainEqual({
      ...accounts,
      verbs: ['get', 'list', 'patch'],
    })
  })

  it('are those of what is deployed', () => {
    const pod = { apiGroups: [''], resources: ['pods'], resourceNames: ['web'], verbs: ['get', 'create', 'patch'] }
    // A list of all Pods cannot be restricted to a name.
    const pods = { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }
    const events = { apiGroups: [''], resources: ['events'], verbs: ['list'] }
    expect(rules(choose('ghcr', { deployment: 'image' }))).toEqual([write, pod, pods, events])
    const values = { 'recreate-jobs': 'true' }
    expect(rules(choose('ghcr', { deployment: 'manifests', kinds: ['Job', 'ConfigMap'], values }))).toEqual([
      write,
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'create', 'patch', 'delete', 'list', 'watch'] },
      pods,
      events,
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch'] },
    ])
    const untimed = choose('ghcr', { deployment: 'manifests', kinds: ['Deployment'], values: { 'wait-timeout': '0' } })
    expect(rules(untimed)).toContainEqual({
      apiGroups: ['apps'],
      resources: ['deployments'],
      verbs: ['create', 'patch'],
    })
  })

  it('include the secret that is copied', () => {
    const choices = choose('pull-secret')
    expect(titles(choices).slice(2)).toEqual(['Role shop', 'RoleBinding shop', 'Role default', 'RoleBinding default'])
    expect(rules(choices)).toEqual([write, { ...secrets, resourceNames: ['all-icr-io'], verbs: ['get'] }])
    const same = choose('pull-secret', { values: { 'docker-config-secret': 'shop/all-icr-io' } })
    expect(titles(same)).toEqual(['ServiceAccount shop', 'Secret shop', 'Role shop', 'RoleBinding shop'])
  })

  it.each([
    ['github:repo:acme/shop:ref:refs/heads/main', { kind: 'User', name: 'github:repo:acme/shop:ref:refs/heads/main' }],
    ['system:serviceaccount:runners:default', { kind: 'ServiceAccount', namespace: 'runners', name: 'default' }],
  ])('are bound to the user %s, without a ServiceAccount', (user, subject) => {
    const choices = choose('ghcr', { access: 'oidc', user })
    expect(titles(choices)).toEqual(['Role shop', 'RoleBinding shop'])
    expect(manifests(choices)[1]?.subjects).toMatchObject([subject])
  })
})

describe('the commands', () => {
  it.each(COMBINATIONS)('store each secret and variable of the workflow once: %s', (_, choices) => {
    const workflow = workflowOf(data, choices)
    const commands = commandsOf(data, choices, workflow)
    const stored = [...commands.matchAll(/gh (secret|variable) set (\w+)(?: < ca\.crt)?$/gm)].map(
      ([, kind, name]) => `${kind} ${name}`,
    )
    const read = [
      ...settingsOf(workflow, 'secrets').map((name) => `secret ${name}`),
      ...settingsOf(workflow, 'vars').map((name) => `variable ${name}`),
    ]
    expect(stored.toSorted()).toEqual(read.toSorted())
  })

  it('are for the namespace of the ServiceAccount', () => {
    const commands = (namespaces: string) => {
      const choices = choose('ghcr', { values: { namespaces, kubeconfig: 'PROD' } })
      return commandsOf(data, choices, workflowOf(data, choices))
    }
    expect(commands('billing,shop')).toMatch(/^namespace=billing$/m)
    expect(commands('team-*')).toMatch(/^namespace=registry-pull-secret$/m)
    expect(commands("$(id)'")).toMatch(/^namespace='\$\(id\)'\\'''$/m)
    expect(commands('shop')).toMatch(/" \| gh secret set PROD$/m)
  })

  it('start after a manifest that is YAML, whatever is typed', () => {
    const namespace = 'a\nb: c\n---\nkind: ClusterRoleBinding'
    const choices = choose('ghcr', { values: { 'secret-name': namespace } })
    expect(titles(choices)).toEqual(['ServiceAccount shop', 'Secret shop', 'Role shop', 'RoleBinding shop'])
    expect(load(workflowOf(data, choices))).toBeDefined()
  })
})
