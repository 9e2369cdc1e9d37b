import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { describeSecret } from '../../../src/pull-secret/read.ts'
import { refusal } from '../../../src/pull-secret/refusal.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { writerOf } from '../../../src/pull-secret/writers.ts'
import { explain } from '../../../src/report/error-text.ts'
import { targetsOf } from '../../support/targets-of.ts'
import { owner } from './stored-record.ts'

const OURS = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }

interface Metadata {
  readonly labels?: object
  readonly annotations?: object
  readonly managers?: readonly string[]
}

function read({ labels = {}, annotations = {}, managers = [] }: Metadata) {
  const managedFields = managers.map((manager) => ({ manager, operation: 'Apply' }))
  const metadata = { name: 'pull', namespace: 'shop', labels, annotations, managedFields }
  return describeSecret({ type: 'kubernetes.io/dockerconfigjson', metadata }, { name: 'prod' } as Cluster)
}

const COPIES: readonly [string, Metadata][] = [
  ['reflector', { annotations: { 'reflector.v1.k8s.emberstack.com/reflects': 'default/pull' } }],
  ['reflector', { annotations: { 'reflector.v1.k8s.emberstack.com/auto-reflects': 'True' } }],
  ['kubernetes-replicator', { annotations: { 'replicator.v1.mittwald.de/replicate-from': 'default/pull' } }],
  ['kubernetes-replicator', { annotations: { 'replicator.v1.mittwald.de/replicated-from-version': '12' } }],
  ['kubed', { annotations: { 'kubed.appscode.com/origin': '{"namespace":"default"}' } }],
  ['kubed', { labels: { 'kubed.appscode.com/origin.name': 'pull' } }],
  ['Rancher', { annotations: { 'management.cattle.io/project-scoped-secret-copy': 'p-1' } }],
  ['the Hierarchical Namespace Controller', { labels: { 'hnc.x-k8s.io/inherited-from': 'team' } }],
  ['the Hierarchical Namespace Controller', { labels: { 'hnc.x-k8s.io/inheritedFrom': 'team' } }],
  ['Rancher', { annotations: { 'objectset.rio.cattle.io/owner-name': 'web' } }],
]

const OTHERS: readonly [string, Metadata][] = [
  ['Helm', { annotations: { 'meta.helm.sh/release-name': 'web' } }],
  ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }],
  ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'web:/Secret:shop/pull' } }],
  ['Argo CD', { labels: { 'argocd.argoproj.io/instance': 'web' } }],
  ['Argo CD', { labels: { 'app.kubernetes.io/instance': 'web' }, managers: ['argocd-controller'] }],
  ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'web' } }],
  ['Flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'web' } }],
  ['External Secrets', { labels: { 'reconcile.external-secrets.io/managed': 'true' } }],
  ['External Secrets', { annotations: { 'reconcile.external-secrets.io/data-hash': '51ad' } }],
  ['Sealed Secrets', { annotations: { 'sealedsecrets.bitnami.com/managed': 'true' } }],
  ['Sealed Secrets', { annotations: { 'sealedsecrets.bitnami.com/patch': 'true' } }],
  ['the 1Password operator', { annotations: { 'operator.1password.io/item-path': 'vaults/v/items/i' } }],
  ['Kyverno', { labels: { 'generate.kyverno.io/policy-name': 'sync' } }],
  ['Kyverno', { labels: { 'app.kubernetes.io/managed-by': 'kyverno' } }],
  ['Vault Secrets Operator', { labels: { 'app.kubernetes.io/managed-by': 'hashicorp-vso' } }],
  ['Terraform', { labels: { 'app.kubernetes.io/managed-by': 'terraform' } }],
  ['Pulumi', { labels: { 'app.kubernetes.io/managed-by': 'pulumi' } }],
  ['kapp', { labels: { 'kapp.k14s.io/app': '1' } }],
  ['Config Sync', { annotations: { 'configmanagement.gke.io/managed': 'enabled' } }],
  ['the add-on manager of the cluster', { labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } }],
  ['imagepullsecret-patcher', { annotations: { 'app.kubernetes.io/managed-by': 'imagepullsecret-patcher' } }],
]

const NONE: readonly Metadata[] = [
  {},
  { managers: ['kubectl', 'helm', 'argocd-controller'] },
  { labels: { app: 'web', 'app.kubernetes.io/instance': 'web', 'app.kubernetes.io/managed-by': 'jo' } },
  { labels: { 'app.kubernetes.io/instance': 'web' }, managers: ['helm'] },
  { annotations: { 'configmanagement.gke.io/managed': 'disabled' } },
  { labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' } },
  // What is set on the source of copies.
  { annotations: { 'reflector.v1.k8s.emberstack.com/reflection-allowed': 'true' } },
  { annotations: { 'replicator.v1.mittwald.de/replicate-to': 'team-.*' } },
  { annotations: { 'kubed.appscode.com/sync': '' } },
]

describe('a secret that is not ours', () => {
  const [target] = targetsOf({ prod: 'https://prod.example.com' }, ['shop']) as [Target]

  it.each([...COPIES, ...OTHERS])('is refused when %s keeps it: %j', (name, metadata) => {
    for (const adopt of [false, true]) {
      const refused = refusal({ ...target, stored: read(metadata) }, { name: 'pull', adopt, owner })
      expect(refused?.code).toBe('secret-has-controller')
      const [text] = explain(refused)
      expect(text).toMatch(`Secret shop/pull in cluster prod is kept by ${name} (`)
      expect(text).not.toContain('adopt: true')
    }
  })

  it.each(NONE)('may be adopted with %j', (metadata) => {
    const lookup = { name: 'pull', owner } as const
    expect(refusal({ ...target, stored: read(metadata) }, { ...lookup, adopt: true })).toBeUndefined()
    expect(refusal({ ...target, stored: read(metadata) }, { ...lookup, adopt: false })?.code).toBe('secret-not-managed')
  })

  it('has marks of any form, which are printed in one line', () => {
    const writer = writerOf(read({ annotations: { 'meta.helm.sh/release-name': `a\n::error::b${'x'.repeat(999)}` } }))
    expect(writer).not.toContain('\n')
    expect(writer?.length).toBeLessThan(300)
    expect(writerOf(read({ labels: { 'argocd.argoproj.io/instance': { a: 1 } } }))).toMatch('Argo CD')
  })
})

describe('a secret that is ours', () => {
  it.each(OTHERS.filter(([, { labels = {} }]) => !('app.kubernetes.io/managed-by' in labels)))(
    'may have what %s sets, from the inputs of a user: %j',
    (_, metadata) => {
      expect(writerOf(read({ ...metadata, labels: { ...metadata.labels, ...OURS } }))).toBeUndefined()
    },
  )

  it.each(COPIES)('is refused as a copy that %s makes: %j', (name, metadata) => {
    expect(writerOf(read({ ...metadata, labels: { ...metadata.labels, ...OURS } }))).toMatch(name)
  })
})
