import { late, type Register, withExamples, withNode } from '../command.js';

export const registerImport: Register = (program, run) => {
  const command = program
    .command('import')
    .summary('hand in customs declarations')
    .description(
      'Hands declarations in the WCO data model (XML) to the node, in the order of their names: each becomes a shipment, some a draft alert. Says per file what became of it. A file that cannot be read stops nothing; what is known already changes nothing. Exit code 1 when a file was refused.',
    )
    .argument('<path...>', 'files, or folders with all their .xml files');
  withExamples(withNode(command), ['entente import declarations/', 'entente import one.xml two.xml --json']).action(
    run(late(async () => (await import('../import/declarations.js')).importDeclarations)),
  );
};
