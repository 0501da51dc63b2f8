import { randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who is let in. A link that is shown in the terminal works once; who opens it is given a cookie, which
 * lets every tab of that browser in for as long as the web shell runs.
 */
export class Admission {
  readonly #secret = newSecret()
  readonly #cookieName: string
  /** Of the newest link; null once it has been used. */
  #token: string | null = null

  /** Cookies are shared by all ports of a host: the port in its name keeps two web shells apart. */
  constructor(port: number) {
    this.#cookieName = `corescope_${port}`
  }

  /** The token of a new link. One that was made before works no longer. */
  newToken(): string {
    this.#token = newSecret()
    return this.#token
  }

  /** Uses up the newest link's token; false for any other. */
  redeem(token: string): boolean {
    if (this.#token === null || !isSame(token, this.#token)) return false
    this.#token = null
    return true
  }

  /** Whether a request's cookies hold ours. */
  knows(cookies: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`
    return (cookies ?? '').split(';').some((each) => {
      const pair = each.trim()
      return pair.startsWith(prefix) && isSame(pair.slice(prefix.length), this.#secret)
    })
  }

  /** Out of reach for scripts, and not sent along with what other sites ask for. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#secret}; HttpOnly; SameSite=Strict; Path=/`
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Takes as long wherever they differ, so that a secret cannot be found a character at a time. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
