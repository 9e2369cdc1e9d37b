import { cut } from '../core/format.ts'
import { asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'
import { MANAGED_BY, type StoredSecret } from './read.ts'

/** A program that keeps a secret in its own state, and would write it back. */
interface Writer {
  readonly name: string
  /** Labels or annotations that it sets; a final `*` is any rest of a key. With a value, only that value counts. */
  readonly marks: readonly (readonly [key: string, value?: string])[]
  /** With a field manager that starts like this, this label counts as well: other programs also set it. */
  readonly managed?: { readonly by: string; readonly label: string }
  /** Whether it copies a secret with all its labels: a copy of a secret of this action has its label as well. */
  readonly copies?: true
}

const WRITERS: readonly Writer[] = [
  // https://helm.sh/docs/chart_best_practices/labels/, https://github.com/helm/helm/blob/main/pkg/action/validate.go
  { name: 'Helm', marks: [['meta.helm.sh/release-name'], [MANAGED_BY, 'Helm']] },
  {
    name: 'Argo CD',
    // https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
    marks: [['argocd.argoproj.io/tracking-id'], ['argocd.argoproj.io/instance']],
    managed: { by: 'argocd', label: 'app.kubernetes.io/instance' },
  },
  {
    name: 'Flux',
    // https://fluxcd.io/flux/components/kustomize/kustomizations/, https://fluxcd.io/flux/components/helm/helmreleases/
    marks: [['kustomize.toolkit.fluxcd.io/name'], ['helm.toolkit.fluxcd.io/name']],
  },
  // https://github.com/external-secrets/external-secrets/blob/main/apis/externalsecrets/v1/externalsecret_types.go
  { name: 'External Secrets', marks: [['reconcile.external-secrets.io/*']] },
  {
    name: 'reflector',
    // https://github.com/emberstack/kubernetes-reflector#readme
    marks: [['reflector.v1.k8s.emberstack.com/reflects'], ['reflector.v1.k8s.emberstack.com/auto-reflects']],
    copies: true,
  },
  {
    name: 'kubernetes-replicator',
    // https://github.com/mittwald/kubernetes-replicator/blob/master/replicate/common/consts.go
    marks: [['replicator.v1.mittwald.de/replicate-from*'], ['replicator.v1.mittwald.de/replicated-*']],
    copies: true,
  },
  // https://github.com/bitnami-labs/sealed-secrets#managing-existing-secrets
  { name: 'Sealed Secrets', marks: [['sealedsecrets.bitnami.com/managed'], ['sealedsecrets.bitnami.com/patch']] },
  {
    name: 'kubed',
    // https://github.com/kubeops/config-syncer/blob/master/pkg/eventer/lib.go
    marks: [['kubed.appscode.com/origin'], ['kubed.appscode.com/origin.*']],
    copies: true,
  },
  {
    name: 'Rancher',
    // https://github.com/rancher/rancher/tree/main/pkg/controllers/managementuser/secret,
    // https://github.com/rancher/wrangler/blob/main/pkg/apply/desiredset_apply.go
    marks: [['management.cattle.io/project-scoped-secret-copy'], ['objectset.rio.cattle.io/*']],
    copies: true,
  },
  {
    name: 'the Hierarchical Namespace Controller',
    // https://github.com/kubernetes-retired/hierarchical-namespaces/blob/master/api/v1alpha2/hierarchy_types.go
    marks: [['hnc.x-k8s.io/inherited*']],
    copies: true,
  },
  // https://developer.1password.com/docs/k8s/operator/
  { name: 'the 1Password operator', marks: [['operator.1password.io/item-path']] },
  // https://kyverno.io/docs/policy-types/cluster-policy/generate/
  { name: 'Kyverno', marks: [['generate.kyverno.io/*'], [MANAGED_BY, 'kyverno']] },
  // https://github.com/hashicorp/vault-secrets-operator/blob/main/helpers/secrets.go
  { name: 'Vault Secrets Operator', marks: [[MANAGED_BY, 'hashicorp-vso']] },
  // https://developer.hashicorp.com/terraform/tutorials/kubernetes, https://www.pulumi.com/registry/packages/kubernetes/
  {
    name: 'Terraform',
    marks: [
      [MANAGED_BY, 'terraform'],
      [MANAGED_BY, 'Terraform'],
    ],
  },
  { name: 'Pulumi', marks: [[MANAGED_BY, 'pulumi'], ['pulumi.com/autonamed']] },
  // https://carvel.dev/kapp/docs/latest/diff/
  { name: 'kapp', marks: [['kapp.k14s.io/app']] },
  // https://docs.cloud.google.com/kubernetes-engine/enterprise/config-sync/docs/reference/labels-and-annotations
  { name: 'Config Sync', marks: [['configmanagement.gke.io/managed', 'enabled']] },
  // https://github.com/kubernetes/kubernetes/tree/master/cluster/addons/addon-manager
  { name: 'the add-on manager of the cluster', marks: [['addonmanager.kubernetes.io/mode', 'Reconcile']] },
  // https://github.com/titansoft-pte-ltd/imagepullsecret-patcher/blob/master/verify.go
  { name: 'imagepullsecret-patcher', marks: [[MANAGED_BY, 'imagepullsecret-patcher']] },
]

/**
 * The program that keeps a secret, with the mark that shows it; undefined when none is known to. A secret of this action may
 * have any labels and annotations that a user sets on it, so there only the marks of copies count.
 */
export function writerOf(
  stored: Pick<StoredSecret, 'ours' | 'labels' | 'annotations' | 'managers'>,
): string | undefined {
  for (const { name, marks, managed, copies } of WRITERS) {
    if (stored.ours && copies === undefined) continue
    const mark = findMark(stored, marks)
    if (mark !== undefined) return `${name} (${mark})`
    const label = managed && findMark(stored, [[managed.label]])
    const manager = managed && stored.managers.find((one) => one.startsWith(managed.by))
    if (label !== undefined && manager !== undefined) return `${name} (${label}, field manager ${manager})`
  }
  return undefined
}

const MAX_MARK_LENGTH = 200

/** The first of these marks that is there. @returns key and value, for messages */
function findMark(
  { labels, annotations }: Pick<StoredSecret, 'labels' | 'annotations'>,
  marks: Writer['marks'],
): string | undefined {
  for (const [key, value] of marks) {
    for (const metadata of [labels, annotations]) {
      const found = findKey(metadata, key)
      if (found === undefined || (value !== undefined && metadata[found] !== value)) continue
      return printable(cut(`${found}: ${asText(metadata[found]) ?? ''}`, MAX_MARK_LENGTH))
    }
  }
  return undefined
}

/** @param key a final `*` is any rest of it */
function findKey(metadata: StoredSecret['labels'], key: string): string | undefined {
  if (!key.endsWith('*')) return Object.hasOwn(metadata, key) ? key : undefined
  return Object.keys(metadata).find((one) => one.startsWith(key.slice(0, -1)))
}
