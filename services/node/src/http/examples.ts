/** Examples of requests and answers, as tests on real nodes gave them: put beside the schemas of the description. scripts/api-examples.mjs. */
import examples from '../../data/examples.json' with { type: 'json' };

interface Media {
  example?: unknown;
}
interface Operation {
  operationId?: string;
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { content?: Record<string, Media> }>;
}
interface Example {
  status: number;
  request?: unknown;
  answer?: unknown;
}
const known = examples as Record<string, Example>;

export function withExamples<T>(document: T): T {
  const { paths = {} } = document as { paths?: Record<string, Record<string, Operation>> };
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const example = Object.hasOwn(known, operation.operationId ?? '') ? known[operation.operationId!] : undefined;
    if (!example) continue;
    show(operation.requestBody?.content, example.request);
    show(operation.responses?.[String(example.status)]?.content, example.answer);
  }
  return document;
}

function show(content: Record<string, Media> | undefined, example: unknown): void {
  const media = content?.['application/json'];
  if (media && example !== undefined) media.example = example;
}
