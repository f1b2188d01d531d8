package cairn.attack.load;

import cairn.client.Cairn;
import java.io.IOException;

/** A client process: does one job until it reads {@code stop}, and dies with whoever started it. */
public final class ClientMain {

    private static final int ORPHANED = 3;

    private ClientMain() {}

    public static void main(String[] words) throws IOException {
        JobPlan plan = JobPlan.parse(words);
        try (Cairn cairn = Connection.open(plan.master(), plan.name());
                History history = new History(plan.history())) {
            Job job = job(plan, cairn, history);
            Thread.ofPlatform().daemon().name("orders").start(() -> obey(job));
            System.out.println("ready");
            job.run();
        }
    }

    private static Job job(JobPlan plan, Cairn cairn, History history) {
        return switch (plan.job()) {
            case APPEND -> new AppendJob(plan, cairn, history);
            case FOLLOW -> new FollowJob(plan, cairn, history);
            case READ -> new ReadJob(plan, cairn, history);
            case WRITE, INSPECT -> new WriteJob(plan, cairn, history);
            case NAMES -> new NamesJob(plan, cairn, history);
            case VERIFY -> new VerifyJob(plan, cairn, history);
        };
    }

    private static void obey(Job job) {
        try {
            int read = System.in.read();
            while (read >= 0) {
                job.stop(); // whatever the word: there is only one
                read = System.in.read();
            }
        } catch (IOException e) {
            // the same as its end
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
