import { failureRows } from '../../contract/failures.ts';
import { columns } from '../help/columns.ts';
import { EXIT_CODES, environmentRows } from '../help/reference.ts';

/** Returns the page of `rusta help exit-codes`. */
export function exitCodesPage(): string {
  const rows = failureRows().map(([code, exit, meaning]) => [code, `${exit}: ${meaning}`] as const);
  return `Exit codes:\n${columns(EXIT_CODES)}\n\nerror.code under --json, and the exit code:\n${columns(rows)}`;
}

/** Returns the page of `rusta help environment`. */
export function environmentPage(): string {
  return `Environment:\n${columns(environmentRows())}`;
}
