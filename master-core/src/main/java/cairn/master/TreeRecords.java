package cairn.master;

import cairn.model.FileId;
import cairn.wire.proto.DirectoryRuledFact;
import cairn.wire.proto.DirectoryRulesMessage;
import cairn.wire.proto.EntryTrashedFact;
import cairn.wire.proto.ImageDirectory;

/** The facts about the trash and about directories as they are written into the log and into checkpoints. */
final class TreeRecords {

    private TreeRecords() {}

    static EntryTrashedFact trashed(Trashed entry, String name) {
        return EntryTrashedFact.newBuilder()
                .setId(entry.id().value())
                .setName(name)
                .setNumber(entry.number())
                .setPath(entry.path())
                .setMillis(entry.deletedMillis())
                .setGoneMillis(entry.goneMillis())
                .build();
    }

    static Trashed trashed(EntryTrashedFact fact) {
        return new Trashed(
                new FileId(fact.getId()), fact.getNumber(), fact.getPath(), fact.getMillis(), fact.getGoneMillis());
    }

    static DirectoryRulesMessage rules(DirectoryRules rules) {
        DirectoryRulesMessage.Builder message = DirectoryRulesMessage.newBuilder();
        if (rules.trashMillis() != DirectoryRules.UNSET) {
            message.setTrashMillis(rules.trashMillis());
        }
        if (rules.bytesMax() != DirectoryRules.UNSET) {
            message.setBytesMax(rules.bytesMax());
        }
        if (rules.filesMax() != DirectoryRules.UNSET) {
            message.setFilesMax(rules.filesMax());
        }
        return message.build();
    }

    static DirectoryRules rules(DirectoryRulesMessage message) {
        return new DirectoryRules(
                message.hasTrashMillis() ? message.getTrashMillis() : DirectoryRules.UNSET,
                message.hasBytesMax() ? message.getBytesMax() : DirectoryRules.UNSET,
                message.hasFilesMax() ? message.getFilesMax() : DirectoryRules.UNSET);
    }

    static DirectoryRuledFact ruled(FileId id, DirectoryRules rules) {
        return DirectoryRuledFact.newBuilder()
                .setId(id.value())
                .setRules(rules(rules))
                .build();
    }

    static MasterRecord ruled(DirectoryRuledFact fact) {
        return new MasterRecord.DirectoryRuled(new FileId(fact.getId()), rules(fact.getRules()));
    }

    static ImageDirectory directory(FileId id, TreeUse use, DirectoryRules rules) {
        return ImageDirectory.newBuilder()
                .setId(id.value())
                .setFiles(use.files())
                .setBytes(use.bytes())
                .setRules(rules(rules))
                .build();
    }

    static String describe(ImageDirectory message) {
        TreeUse use = new TreeUse(message.getFiles(), message.getBytes());
        return "Directory[id=%s, use=%s, rules=%s]"
                .formatted(new FileId(message.getId()), use, rules(message.getRules()));
    }
}
