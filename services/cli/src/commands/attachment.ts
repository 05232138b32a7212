import { codesOf } from '@entente/statement';
import { Option } from 'commander';
import { group, late, type Register, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withWide } from '../paging.js';
import { withPurpose } from '../purpose.js';

const why = '--purpose CUSTOMS_CONTROL --justification "Photographs of the seal, case 2031-17"';

export const registerAttachment: Register = (program, run) => {
  const attachment = group(
    program,
    'attachment',
    'photographs, scans, documents',
    'Attachments: bytes that a statement names by their SHA-256. They go with the release that discloses them.',
  );
  const load = () => import('../attachment/acts.js');

  const put = attachment
    .command('put')
    .summary('hand one in')
    .description(
      'Hands a file in and prints the element that names it in `attachments` of a statement. A day later it is gone if none does.',
    )
    .argument('<file>', 'the file')
    .addOption(new Option('--type <media-type>', 'what it is').choices(codesOf('media-type')).makeOptionMandatory())
    .requiredOption('--title <text>', 'its title in the statement')
    .addOption(new Option('--class <code>', 'its data class').choices(codesOf('data-class')).makeOptionMandatory());
  withExamples(withNode(put), ['entente attachment put seal.jpg --type image/jpeg --title "Seal of the container" --class N1']).action(
    run(late(async () => (await load()).putAttachment)),
  );

  const list = attachment
    .command('list')
    .summary('those of a statement')
    .description('Lists the attachments that were disclosed of a statement, with their data class, and whether their bytes are here.')
    .addArgument(digestArgument('statement', 'the statement'));
  withExamples(withNode(withPurpose(withWide(list))), [`entente attachment list 8dKx2Qpa ${why}`]).action(
    run(late(async () => (await load()).listAttachments)),
  );

  const get = attachment
    .command('get')
    .summary('write one to a file')
    .description('Writes the bytes of an attachment to a new file. The node keeps in its access log who read it, and why.')
    .addArgument(digestArgument('statement', 'the statement'))
    .argument('<id>', 'its name within the statement, A1')
    .requiredOption('--out <file>', 'the file to be made');
  withExamples(withNode(withPurpose(get)), [`entente attachment get 8dKx2Qpa A1 --out seal.jpg ${why}`]).action(
    run(late(async () => (await load()).getAttachment)),
  );
};
