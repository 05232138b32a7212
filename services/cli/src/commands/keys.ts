import { group, late, type Register, withConfiguration, withExamples } from '../command.js';
import { withWide } from '../paging.js';

export const registerKeys: Register = (program, run) => {
  const keys = group(program, 'keys', 'the keys of an agency', 'Keys of an agency, as its entity configuration publishes them.');
  const show = withWide(keys.command('show').summary('keys, certificates, thumbprint'))
    .description(
      "Shows what an entity configuration says: this agency's, or the one in FILE. It proves nothing: a partner is pinned with `peer add`.",
    )
    .argument('[file]', 'entity configuration of another agency; - is standard input');
  withExamples(withConfiguration(show), ['entente keys show', 'entente keys show de-lic.jwt --wide']).action(
    run(late(async () => (await import('../keys/show.js')).showKeys)),
  );
};
