import type { HarborRequest } from '../issuer/harbor/provider.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import type { Reader } from './reader.ts'
import type { RegistryInputs } from './registry.ts'

const ALL_PROJECTS = '*'

export function readHarbor(read: Reader): HarborRequest {
  const username = read.text('username') ?? ''
  // In a Basic login, what follows the first colon is the password.
  if (username.includes(':')) read.addError('username', 'contains a colon, which no user name of Harbor has')
  const projects = [...new Set(read.list('projects'))]
  if (projects.length > 1 && projects.includes(ALL_PROJECTS))
    read.addError('projects', 'contains `*` and names', 'Set `*` for all projects, or the names.')
  return {
    provider: 'harbor',
    endpoint: read.endpoint('registry-endpoint') ?? '',
    username,
    password: read.secret('password') ?? '',
    projects,
    expiresInMs: read.duration('expires-in') || undefined,
  }
}

/**
 * Harbor gives a token to every login with the right secret, whatever it may pull: only an image verifies the permission.
 * https://github.com/goharbor/harbor/blob/c50c7ddd/src/core/service/token/creator.go
 */
export function warnOfUnverifiedPull(
  read: Reader,
  credential: CredentialRequest,
  { image }: Pick<RegistryInputs, 'image'>,
): void {
  if (credential.provider !== 'harbor') return
  if (image === undefined) {
    if (!read.isSet('verify-image') && read.flag('verify'))
      read.warnings.push(
        '`verify-image` is not set. Harbor accepts every login with the right secret, so the action verifies the robot account itself, and not that it can pull.',
      )
    return
  }
  const [project = ''] = image.repository.split('/')
  if (!credential.projects.includes(ALL_PROJECTS) && !credential.projects.includes(project))
    read.warnings.push(`\`verify-image\` is in the project "${project}", which is not in \`projects\`.`)
}
