// What a node refuses, and in which words.

/// Why a request was refused. `status` 0: no answer came.
export class Refusal extends Error {
  constructor(
    message: string,
    readonly hint: string,
    readonly status: number,
    readonly right = '', ///< what the account may not do: "record"; '' if it is not about that
    readonly waitSeconds = 0, ///< when it may be tried again; 0: not said
  ) {
    super(message);
  }
}

/// One request to the node. Errors: a Refusal with status 0.
export async function request(path: string, how: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', redirect: 'error', ...how });
  } catch {
    throw new Refusal('', '', 0);
  }
}

export async function refusal(answer: Response): Promise<Refusal> {
  const wait = Number(answer.headers.get('Retry-After') ?? 0) || 0;
  try {
    const problem = (await answer.json()) as Record<string, string | undefined>;
    return new Refusal(problem.detail ?? problem.title ?? '', problem.hint ?? '', answer.status,
      problem.missing_right ?? '', wait);
  } catch {
    return new Refusal(`HTTP ${answer.status}`, '', answer.status, '', wait);
  }
}
