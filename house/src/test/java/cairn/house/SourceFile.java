package cairn.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** One source file as its author wrote it: its length, its types, its methods. Read by javac's own parser. */
record SourceFile(String name, int lines, List<String> types, List<Method> methods) {

    /**
     * A method or constructor.
     *
     * @param lines from its first annotation or modifier to its closing brace
     * @param parameters 0 for a record's constructor, which repeats its components, and for a private one, which named
     *     factories hide
     */
    record Method(String name, int lines, int parameters) {}

    /** Parses, and only parses: nothing need compile. */
    static List<SourceFile> parse(List<Path> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<SourceFile> parsed = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                parsed.add(read(unit, positions));
            }
            return parsed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(CompilationUnitTree unit, SourcePositions positions) throws IOException {
        Reader reader = new Reader(unit, positions);
        reader.scan(unit, null);
        String name = House.name(Path.of(unit.getSourceFile().toUri()));
        int lines = (int)
                unit.getSourceFile().getCharContent(true).toString().lines().count();
        return new SourceFile(name, lines, reader.types, reader.methods);
    }

    private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
        final List<String> types = new ArrayList<>();
        final List<Method> methods = new ArrayList<>();
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Reader(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            types.add(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            ClassTree owner = (ClassTree)
                    Objects.requireNonNull(getCurrentPath().getParentPath()).getLeaf();
            boolean constructor = method.getReturnType() == null;
            boolean ofRecord = owner.getKind() == Tree.Kind.RECORD;
            boolean hidden = method.getModifiers().getFlags().contains(Modifier.PRIVATE);
            String name = constructor
                    ? owner.getSimpleName().toString()
                    : method.getName().toString();
            methods.add(new Method(
                    name,
                    (int) (line(positions.getEndPosition(unit, method))
                            - line(positions.getStartPosition(unit, method))
                            + 1),
                    constructor && (ofRecord || hidden)
                            ? 0
                            : method.getParameters().size()));
            return super.visitMethod(method, null);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
