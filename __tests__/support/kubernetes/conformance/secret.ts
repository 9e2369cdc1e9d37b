import { describe, expect, it } from 'vitest'
import { base64, pullSecret, type Subject, secretsOf } from './subject.ts'

export function describeSecret(subject: () => Subject): void {
  describe('a Secret', () => {
    it.each([
      ['no config', { data: {} }, 'data[.dockerconfigjson]: Required value'],
      ['a config that is no JSON', { data: { '.dockerconfigjson': base64('no json') } }, /redacted.*invalid character/],
      [
        'a config that is no object',
        { data: { '.dockerconfigjson': base64('"text"') } },
        /redacted.*cannot unmarshal string/,
      ],
      [
        'a name in upper case',
        { metadata: { name: 'Pull' } },
        /metadata\.name: Invalid value: "Pull": a .*RFC 1123|DNS-1123/,
      ],
      [
        'a label with blanks',
        { metadata: { name: 'pull', labels: { team: 'a b' } } },
        /metadata\.labels: Invalid value: "a b"/,
      ],
      ['a key with a slash', { data: { ...pullSecret('').data, 'a/b': '' } }, /data\[a\/b\]: Invalid value/],
      [
        'more than a megabyte',
        { data: { ...pullSecret('').data, big: base64('x'.repeat(1024 * 1024)) } },
        /data: Too long/,
      ],
      [
        'annotations of more than 256 KiB',
        { metadata: { name: 'pull', annotations: { a: 'x'.repeat(256 * 1024) } } },
        /metadata\.annotations: Too long: must have at most 262144/,
      ],
      ['no name', { metadata: {} }, /name or generateName is required/],
    ])('is refused with %s', async (_, change, message) => {
      const secret = { ...pullSecret('pull'), ...change }
      const { status, body } = await subject().server.request('POST', secretsOf(await subject().namespace()), secret)
      expect(status).toBe(422)
      expect(body.reason).toBe('Invalid')
      expect(body.message).toMatch(message)
      expect(body.details.causes.length).toBeGreaterThan(0)
    })

    it('never shows its contents in a refusal', async () => {
      const secrets = secretsOf(await subject().namespace())
      const { body } = await subject().server.request('POST', secrets, pullSecret('pull', '[hunter2'))
      expect(body.message).toContain('<secret contents redacted>')
      expect(JSON.stringify(body)).not.toContain('hunter2')
    })

    it('is Opaque unless it says otherwise', async () => {
      const secrets = secretsOf(await subject().namespace())
      const { body } = await subject().server.request('POST', secrets, { metadata: { name: 'plain' } })
      expect(body.type).toBe('Opaque')
    })

    it('keeps its type', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, { metadata: { name: 'pull' } })
      const { status, body } = await subject().apply(`${secrets}/pull`, pullSecret('pull'), { query: '&force=true' })
      expect(status).toBe(422)
      expect(body.message).toBe(
        'Secret "pull" is invalid: type: Invalid value: "kubernetes.io/dockerconfigjson": field is immutable',
      )
    })

    it('keeps its data when it is immutable', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, { ...pullSecret('pull'), immutable: true })
      const { status, body } = await subject().patch(`${secrets}/pull`, 'merge-patch', {
        data: { '.dockerconfigjson': base64('{"auths":{"registry.example":{}}}') },
      })
      expect(status).toBe(422)
      expect(body.message).toBe('Secret "pull" is invalid: data: Forbidden: field is immutable when `immutable` is set')
      const labelled = await subject().patch(`${secrets}/pull`, 'merge-patch', { metadata: { labels: { team: 'a' } } })
      expect(labelled.status).toBe(200)
    })
  })
}
