import * as v from 'valibot';
import { FAILURES, type FailureCode, OTHER_FAILURES } from './failures.ts';
import { RESULTS } from './results.ts';

const CODES = Object.keys({ ...FAILURES, ...OTHER_FAILURES }) as FailureCode[];

const Failure = v.strictObject({
  code: v.picklist(CODES),
  exit: v.pipe(v.number(), v.integer(), v.description('What rusta ends with')),
  message: v.string(),
  hint: v.pipe(v.nullable(v.string()), v.description('What to do about it, in sentences')),
  next: v.pipe(v.array(v.string()), v.description('The commands among that, ready to type')),
  log: v.pipe(v.nullable(v.string()), v.description('File that says more')),
});

/** The one document on stdout. */
export const DOCUMENTS = {
  success: v.strictObject({ schema: v.literal(1), ok: v.literal(true), result: v.union(Object.values(RESULTS)) }),
  failure: v.strictObject({ schema: v.literal(1), ok: v.literal(false), error: Failure }),
};

const message = { message: v.string() };

/** One line on stderr. */
export const EVENT = v.variant('event', [
  v.strictObject({
    event: v.literal('progress'),
    title: v.pipe(v.string(), v.description('What happens now, or what is done')),
    state: v.picklist(['started', 'done', 'skipped']),
    step: v.pipe(v.nullable(v.number()), v.description('Of the set-up of a new VM')),
    of: v.nullable(v.number()),
    elapsed_ms: v.pipe(v.number(), v.integer(), v.description('Since rusta was started')),
  }),
  v.strictObject({ event: v.literal('notice'), ...message }),
  v.strictObject({ event: v.literal('warning'), ...message }),
  v.strictObject({ event: v.literal('error'), ...message }),
  v.strictObject({ event: v.literal('trace'), ...message }),
  v.strictObject({ event: v.literal('output'), ...message }),
]);

export type ErrorOfDocument = v.InferOutput<typeof Failure>;
export type Event = v.InferOutput<typeof EVENT>;
