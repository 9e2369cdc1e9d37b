import type { ErrorCode } from '../core/error-codes.ts'
import { ActionError } from '../core/errors.ts'
import { HttpError } from '../http/errors.ts'

interface Refusal {
  readonly pattern: RegExp
  readonly hint: string
  /** Default `admission-denied`. */
  readonly code?: ErrorCode
}

/**
 * Why the API server refuses an object of a user who has the permission. The messages are those of
 * https://github.com/kubernetes/kubernetes/tree/master/plugin/pkg/admission (quota, limit ranges, service accounts, priority) and
 * https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io, in pod-security-admission/admission and, in
 * apiserver/pkg/admission/plugin, namespace/lifecycle, webhook/errors and policy/validating.
 */
const REFUSALS: readonly Refusal[] = [
  {
    pattern: /exceeded quota: |insufficient quota to (?:consume|match these scopes): /,
    hint: 'The namespace has used up its quota: delete what it no longer needs, request less, or ask for a larger ResourceQuota (`kubectl describe quota`).',
  },
  {
    pattern: /failed quota: /,
    hint: 'The ResourceQuota of the namespace requires these requests and limits: set `resources` of each container, or add a LimitRange with defaults.',
  },
  {
    pattern: /status unknown for quota: /,
    hint: 'The ResourceQuota is new, and its usage is not known yet: run the job again.',
  },
  {
    pattern: /violates PodSecurity "/,
    hint: 'The label pod-security.kubernetes.io/enforce of the namespace demands it: set in the pod spec what the message names.',
  },
  {
    pattern:
      /(?:minimum|maximum) \S+ usage per (?:Pod|Container|PersistentVolumeClaim) is |max limit to request ratio per /,
    hint: 'The LimitRange of the namespace demands it: correct `resources` of the containers (`kubectl describe limits`).',
  },
  {
    pattern: /admission webhook "[^"]*" denied the request/,
    hint: 'A policy of this cluster refuses the object: correct what the message names, or ask the owner of the webhook.',
  },
  {
    pattern: /admission webhook "[^"]*" does not support dry run/,
    hint: 'The webhook may have side effects, so the API server cannot check this object in a dry run. Run without `dry-run`, or ask the owner of the webhook to declare `sideEffects: None`.',
  },
  {
    pattern: /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
    hint: 'A policy of this cluster refuses the object: correct what the message names, or ask the owner of the policy.',
  },
  {
    // Kubernetes before 1.25, and OpenShift.
    pattern:
      /PodSecurityPolicy: unable to (?:admit|validate)|unable to validate against any (?:pod security policy|security context constraint)/,
    hint: 'No PodSecurityPolicy or security context constraint that the service account of the Pod may use allows it: set in the pod spec what the message names, or ask an administrator to grant the verb use on one.',
  },
  {
    pattern: /one or more images rejected by webhook backend/,
    hint: 'The image policy of this cluster refuses the image: use an image that it allows, or ask an administrator.',
  },
  {
    pattern: /conflicts? with its namespace |pod tolerations conflict/,
    hint: 'The annotations of the namespace limit nodes and tolerations: correct `nodeSelector` or `tolerations`, or ask an administrator.',
  },
  {
    pattern: /unable to create new content in namespace \S+ because it is being terminated/,
    hint: 'The namespace is being deleted: wait, create it again, or remove it from `namespaces` and the manifests.',
    code: 'namespace-terminating',
  },
  {
    pattern: /error looking up service account |serviceaccount "[^"]*" not found/,
    hint: 'Create the service account first, or correct `serviceAccountName`.',
  },
  {
    pattern: /no PriorityClass with name /,
    hint: 'Create the PriorityClass first, or correct `priorityClassName`.',
  },
  {
    pattern: /is attempting to grant RBAC permissions not currently held/,
    hint: 'Only a user who has these permissions can grant them: let an administrator apply this object, or grant the verbs escalate and bind.',
  },
]

/**
 * A webhook that does not respond, which the API server reports with 500. No policy refused the object.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
 */
const FAILED_WEBHOOK = /failed calling webhook "/
const FAILED_WEBHOOK_HINT =
  'A webhook of this cluster does not respond, so the API server accepts no such object: check the Service and the Pods of the webhook, or ask its owner.'

/** The error with its own hint when an admission plugin refused the object; undefined when it is another refusal. */
export function admissionError(error: HttpError): ActionError | undefined {
  if (error.status >= 500 && FAILED_WEBHOOK.test(error.serverMessage)) {
    const { code, message, details } = error
    return new ActionError(code, message, { hint: FAILED_WEBHOOK_HINT, details, cause: error })
  }
  const refusal = REFUSALS.find(({ pattern }) => pattern.test(error.serverMessage))
  if (refusal === undefined || error.status < 400 || error.status >= 500) return undefined
  const { code = 'admission-denied', hint } = refusal
  return new ActionError(code, error.message, { hint, details: error.details, cause: error })
}

/** A thrown value, with its own hint when an admission plugin refused the object. */
export function withAdmissionHint(error: unknown): unknown {
  return error instanceof HttpError ? (admissionError(error) ?? error) : error
}

/** What to do about a message of the API server that an event repeats. */
export function admissionHint(message: string): string | undefined {
  if (FAILED_WEBHOOK.test(message)) return FAILED_WEBHOOK_HINT
  return REFUSALS.find(({ pattern }) => pattern.test(message))?.hint
}
