// The Role and the RoleBinding that are printed for an administrator.
import { load, loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { Permission } from '../../../src/permissions/permission.ts'
import { nameFor, type Place, rolesFor } from '../../../src/permissions/role.ts'

const PLACES: readonly Place[] = [{ namespace: 'billing', existence: 'exists' }]
const KIT_NAME = 'registry-pull-secret'

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly subjects?: readonly object[]
  readonly roleRef?: { readonly name: string }
}

function permission(resource: string, verb = 'patch'): Permission {
  return { verb, group: '', resource }
}

function manifests(permissions: readonly Permission[], user?: string): Manifest[] {
  return loadAll(rolesFor(permissions, PLACES, user)) as Manifest[]
}

it('quotes the name of a user in the manifest', () => {
  const manifest = rolesFor([], [{ namespace: 'shop', existence: 'exists' }], 'eve\n---\nkind: "x"')
  const [, binding] = loadAll(manifest) as { subjects: object[] }[]
  expect(binding?.subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve\n---\nkind: "x"' },
  ])
  expect(load(manifest.split('\n---\n')[0] ?? '')).toMatchObject({ kind: 'Role' })
})

describe('what is applied replaces nothing that grants something else', () => {
  const users = [
    'system:serviceaccount:shop:registry-pull-secret',
    'system:serviceaccount:billing:registry-pull-secret',
    'system:serviceaccount:billing:deployer',
    'system:serviceaccount:billing-deployer:registry-pull-secret',
    'github:repo:acme/shop:ref:refs/heads/main',
    'github:repo:acme/shop:ref:refs-heads/main',
    `${'x'.repeat(300)}a`,
    `${'x'.repeat(300)}b`,
    '全',
    undefined,
  ]
  const rules = [
    [permission('secrets')],
    [permission('secrets'), permission('secrets', 'create')],
    [permission('secrets'), permission('pods')],
  ]

  it('of another user, or with other rules, or of examples/rbac', () => {
    const names = users.flatMap((user) => rules.map((permissions) => manifests(permissions, user)[0]?.metadata.name))
    expect(new Set(names).size).toBe(users.length * rules.length)
    expect(names).not.toContain(KIT_NAME)
    expect(names.filter((name) => !/^[a-z0-9](?:[a-z0-9-]{0,120}[a-z0-9])$/.test(name ?? ''))).toEqual([])
  })

  it.each(users.filter((user) => user !== undefined))('and belongs together: %s', (user) => {
    const [role, binding] = manifests([permission('secrets')], user)
    expect(binding?.metadata).toEqual(role?.metadata)
    expect(binding?.roleRef?.name).toBe(role?.metadata.name)
    expect(role?.metadata.name.startsWith(`${nameFor(user)}-`)).toBe(true)
    expect(manifests([permission('secrets')], user)).toEqual([role, binding])
  })
})

it.each([
  ['system:serviceaccount:shop:registry-pull-secret', 'registry-pull-secret-shop'],
  ['system:serviceaccount:ci:deployer', 'registry-pull-secret-ci-deployer'],
  ['github:repo:acme/Shop:ref:refs/heads/main', 'registry-pull-secret-github-repo-acme-shop-ref-refs-heads-main'],
])('is named after the user %s', (user, name) => {
  expect(nameFor(user)).toBe(name)
})

it('creates a namespace that is missing, and says how to create one that may be', () => {
  const places: readonly Place[] = [
    { namespace: 'fresh', existence: 'missing' },
    { namespace: 'perhaps', existence: 'unknown' },
    { namespace: 'shop', existence: 'exists' },
  ]
  const manifest = rolesFor([permission('secrets')], places, 'eve')
  const titles = (loadAll(manifest) as Manifest[]).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? metadata.name}`,
  )
  expect(titles).toEqual([
    ...['Namespace fresh', 'Role fresh', 'RoleBinding fresh'],
    ...['Role perhaps', 'RoleBinding perhaps', 'Role shop', 'RoleBinding shop'],
  ])
  expect(manifest.match(/^#.*/gm)).toEqual(['# If it does not exist yet, first: kubectl create namespace perhaps'])
})
