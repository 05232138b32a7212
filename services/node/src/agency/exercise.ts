/** A training installation writes exercise statements only, so that no invented alert can reach a partner as a real one. */
import { Problem } from '../problem.js';

export function requireExercise(exerciseOnly: boolean, exercise: boolean | undefined): void {
  if (exerciseOnly && exercise !== true)
    throw new Problem('exercise_mismatch', 'this is a training installation: only statements with "exercise": true are written here');
}
