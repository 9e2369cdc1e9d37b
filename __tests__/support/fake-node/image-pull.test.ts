import { expect, it } from 'vitest'
import { startFakeIbm } from '../ibm/environment.ts'
import { pullImage } from './image-pull.ts'

it('pulls by https', async () => {
  await using environment = await startFakeIbm({ tls: true })
  const auths = { [environment.registryHost]: { username: 'token', password: environment.mintToken().value } }
  const data = { '.dockerconfigjson': btoa(JSON.stringify({ auths })) }
  const secret = { type: 'kubernetes.io/dockerconfigjson', data }
  const image = `${environment.registryHost}/team/app:1`
  await expect(pullImage(image, [], environment.certificateAuthority)).rejects.toThrow('403 Forbidden')
  await expect(pullImage(image, [secret], environment.certificateAuthority)).resolves.toBeUndefined()
})

it('reports a registry that does not respond', async () => {
  await expect(pullImage('127.0.0.1:1/team/app', [], undefined)).rejects.toThrow(
    /^rpc error: code = Unknown desc = failed to pull and unpack image "127\.0\.0\.1:1\/team\/app": .*connection refused$/,
  )
})
