package cairn.server.master;

import cairn.log.StateImage;
import cairn.master.ImageCodec;
import cairn.master.MalformedRecord;
import cairn.master.MasterImage;
import cairn.master.Records;

/** The master's image, as the log sees it. */
public final class CoreImage implements StateImage {
    private final MasterImage image = new MasterImage();

    MasterImage image() {
        return image;
    }

    @Override
    public void load(byte[] checkpointRecord) throws UnreadableRecord {
        try {
            ImageCodec.load(image, checkpointRecord);
        } catch (MalformedRecord e) {
            throw new UnreadableRecord(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void apply(long index, byte[] payload) throws UnreadableRecord {
        try {
            Records.applyAll(image, payload);
        } catch (MalformedRecord e) {
            throw new UnreadableRecord(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <X extends Exception> void export(RecordSink<X> sink) throws X {
        ImageCodec.<X>export(image, sink::take);
    }
}
