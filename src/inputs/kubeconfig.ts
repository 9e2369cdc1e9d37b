import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { decodeBase64 } from '../core/base64.ts'
import { isJwt } from '../core/jwt.ts'
import type { ClusterSource } from '../kubernetes/kubeconfig.ts'
import { looksLikeKubeconfig } from '../kubernetes/kubeconfig-text.ts'
import { mask } from '../runner/mask.ts'
import { expandHome } from './home-path.ts'
import { quote, quotePath } from './quote.ts'
import type { Reader } from './reader.ts'

/** `foundIn`: where, when it is not in an input. */
export type FoundSource = ClusterSource & { readonly foundIn?: string }

/** A kubeconfig as text, as base64 of one, or as a path. */
export function readKubeconfig(
  read: Reader,
  kubeconfig: string,
  environment: NodeJS.ProcessEnv,
): ClusterSource | undefined {
  const decoded = decodeBase64(kubeconfig, looksLikeKubeconfig)
  if (decoded !== undefined) {
    mask(kubeconfig)
    mask(kubeconfig.replaceAll(/\s/g, ''))
    return { kind: 'text', text: decoded }
  }
  // The text of a kubeconfig has several lines or is JSON. A path is one line.
  if (/\n|^\{/.test(kubeconfig)) return { kind: 'text', text: kubeconfig }
  const path = expandHome(kubeconfig, environment)
  if (existsSync(path) && !statSync(path).isDirectory()) return { kind: 'files', paths: [path] }
  const { problem, hint } = problemOfLine(kubeconfig, path)
  if (hint === undefined) read.addInvalid('kubeconfig', problem)
  else read.addError('kubeconfig', problem, hint)
  return undefined
}

interface LineProblem {
  readonly problem: string
  /** By default what is allowed. */
  readonly hint?: string
}

/** What is wrong with a line that is neither a kubeconfig nor the path of one. It may be a secret, so only a path is quoted. */
function problemOfLine(line: string, path: string): LineProblem {
  if (looksLikeKubeconfig(line))
    return {
      problem: 'is the text of a kubeconfig that has lost its line breaks',
      hint: 'Store it with its line breaks, or as base64: `base64 -w 0 kubeconfig`.',
    }
  const isToken: boolean = isJwt(line)
  if (isToken || /^https?:/i.test(line))
    return {
      problem: `is ${isToken ? 'a token' : 'an address'}, and not a kubeconfig`,
      hint: 'Use `kube-server`, `kube-ca` and `kube-token` instead of `kubeconfig`.',
    }
  if (existsSync(path)) return { problem: `is ${quotePath(line)}, which is a directory` }
  const isBase64 = line.length > MAX_NAME_LENGTH && /^["']?[\w+/-]+={0,2}["']?$/.test(line)
  if (isBase64)
    return {
      problem: `is ${line.length} characters of base64, but not of a kubeconfig`,
      hint: 'Encode the kubeconfig itself, not compressed and not cut off: `base64 -w 0 kubeconfig`.',
    }
  const problem = `is ${quotePath(line)}, but no such file exists`
  return /[$%]/.test(line) ? { problem, hint: VARIABLE_HINT } : { problem }
}

const VARIABLE_HINT =
  'A workflow expands no variables of the shell in `with`: use an expression with the context `env` or `runner`.'

/** Of a file: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const MAX_NAME_LENGTH = 255

/**
 * In the order of kubectl, and then of client-go:
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function findDefaultSource(read: Reader, environment: NodeJS.ProcessEnv): FoundSource | undefined {
  const { KUBECONFIG } = environment
  if (KUBECONFIG) {
    const paths = KUBECONFIG.split(delimiter)
      .map((path) => expandHome(path, environment))
      .filter((path) => existsSync(path))
    if (paths.length > 0) return { kind: 'files', paths, foundIn: `KUBECONFIG (${paths.join(', ')})` }
    // Another cluster than the named one would be a surprise, so the action does not go on to the next place.
    read.addError('kubeconfig', `is not set, and KUBECONFIG names ${quote(KUBECONFIG)}, which does not exist`)
    return undefined
  }
  const path = join(environment.HOME ?? environment.USERPROFILE ?? '', '.kube', 'config')
  if (existsSync(path)) return { kind: 'files', paths: [path], foundIn: path }
  if (environment.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN))
    return { kind: 'in-cluster', foundIn: 'the Pod of this runner' }
  read.addError(
    'kubeconfig',
    'is not set, and no other kubeconfig was found',
    'Set it to the text or the path of a kubeconfig, set the variable KUBECONFIG, or run inside the cluster.',
  )
  return undefined
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'
