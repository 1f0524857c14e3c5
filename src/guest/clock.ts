import { putFile } from './script.ts';
import files from './scripts/frame/files.sh' with { type: 'text' };
import setClock from './scripts/set-clock.sh' with { type: 'text' };
import stepClock from './scripts/step-clock.sh' with { type: 'text' };

/**
 * Returns the parts that set the guest's clock to MAC_TIME. They need WORK, a folder, and leave nothing in the guest, which rusta may not
 * have made.
 */
export function temporaryClock(): string[] {
  return [files, 'STEP_CLOCK="$WORK/step-clock"', putFile('755', '"$STEP_CLOCK"', stepClock), setClock];
}
