import { LABEL, SUBDOMAIN } from '../kubernetes/names.ts'

/**
 * The grammars of names that a workflow sets. Each is as strict as the server that receives the name, so a misspelt name
 * is an input error and never a part of a URL.
 */

/** The name of a namespace, which is an RFC 1123 label, with `*` for any characters and `!` for an exclusion. */
export const NAMESPACE_PATTERN = /^!?[a-z0-9*](?:[-a-z0-9*]{0,61}[a-z0-9*])?$/

/** The name of a service account, or `*`. */
export const SERVICE_ACCOUNT = new RegExp(String.raw`^\*$|${SUBDOMAIN.source}`)

/**
 * The key of a label or annotation, with an optional prefix, and the value of a label.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const KEY = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/
export const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/

/**
 * A registry as a key of a docker config: scheme, host with port, path.
 * https://kubernetes.io/docs/concepts/containers/images/#config-json
 */
export const REGISTRY = /^(https?:\/\/)?((?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?)(\/\S*)?$/

/**
 * The parts of an image reference after the registry host.
 * https://github.com/distribution/reference/blob/main/reference.go
 */
export const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
export const TAG = /^\w[\w.-]{0,127}$/
export const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/

/**
 * The name of a Harbor project, or `*`.
 * https://github.com/goharbor/harbor/blob/c50c7ddd/src/pkg/project/manager.go
 */
export const HARBOR_PROJECT = /^(?=.{1,255}$)(?:\*|[a-z0-9]+(?:[._-][a-z0-9]+)*)$/

/** A Secret, as `namespace/name`. */
export const SECRET_REFERENCE = new RegExp(
  `${LABEL.source.slice(0, -1)}/${SUBDOMAIN.source.replace('^(?=.{1,253}$)', '(?=[^/]{1,253}$)')}`,
)
