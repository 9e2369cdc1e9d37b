import { decodeBase64 } from '../core/base64.ts'
import { isJwt } from '../core/jwt.ts'
import { shortLifeOf } from '../issuer/known-life.ts'
import type { StaticRequest } from '../issuer/static.ts'
import { maskProvided } from '../runner/mask.ts'
import type { Reader } from './reader.ts'

/** A credential that Pods could not use for long is refused, and one that is something else. */
export function readStatic(read: Reader): StaticRequest {
  const username = read.text('docker-username') ?? ''
  const password = decodedToken(read.secret('docker-password') ?? '')
  const misplaced = misplacedPassword(password, username)
  if (misplaced !== undefined) read.addError('docker-password', ...misplaced)
  if (isEncodedLine(password)) read.warnings.push(ENCODED_WARNING)
  if (read.flag('allow-short-lived')) return { provider: 'static', password }
  const isUsername = isJwt(username)
  const short = shortLifeOf(isUsername ? username : password, new Date())
  if (short !== undefined) read.addError(isUsername ? 'docker-username' : 'docker-password', short.problem, short.hint)
  return { provider: 'static', password }
}

/**
 * Tokens that their beginning shows, of which the base64 was stored, as a Secret has it:
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats,
 * https://docs.gitlab.com/security/tokens/#token-prefixes, https://docs.docker.com/security/access-tokens/
 */
const TOKEN = /^(?:gh[opsu]_|github_pat_|gl(?:pat|dt|cbt|soat)-|dckr_[po]at_)[\w.-]+$/

function decodedToken(password: string): string {
  const token = decodeBase64(password, (text) => TOKEN.test(text.trim()) || isJwt(text.trim()))
  return token === undefined ? password : maskProvided(token.trim())
}

/** What no registry accepts as a password. */
function misplacedPassword(password: string, username: string): [problem: string, hint: string] | undefined {
  const isConfig = (text: string) => /^\s*\{\s*"(?:auths|credHelpers|credsStore)"/.test(text)
  if (isConfig(password) || decodeBase64(password, isConfig) !== undefined)
    return ['is a docker config', 'Set it as `docker-config`, with `provider: docker-config`.']
  if (/^(?:bearer|basic)\s/i.test(password))
    return ['starts with the word Bearer or Basic', 'Set the password alone, as `docker login` takes it.']
  const isLogin = username !== '' && decodeBase64(password, (text) => text.startsWith(`${username}:`)) !== undefined
  return isLogin
    ? [
        'is the base64 of user name and password',
        'Set what comes after the colon. For Amazon ECR use `aws ecr get-login-password`.',
      ]
    : undefined
}

/** `echo password | base64`: no registry makes a password that is base64 of a line. */
function isEncodedLine(password: string): boolean {
  return decodeBase64(password, (text) => /^[\x20-\x7e]+\r?\n$/.test(text)) !== undefined
}

const ENCODED_WARNING =
  '`docker-password` is the base64 of a line of text, and is used as it is. If the registry refuses it, store the text itself.'
