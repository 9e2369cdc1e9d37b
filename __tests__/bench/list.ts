// The least that a client can do to see all secrets of one name: one list.
import { readFileSync } from 'node:fs'
import { request } from 'node:https'

const { url, certificateAuthority, token, path, count } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const headers = { authorization: `Bearer ${token}` }
request(url + path, { ca: certificateAuthority, headers }, async (response) => {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  if (JSON.parse(text).items?.length !== count)
    throw new Error(`GET ${path}: ${response.statusCode}, not ${count} items`)
}).end()
