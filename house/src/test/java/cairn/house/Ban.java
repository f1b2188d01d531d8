package cairn.house;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.Predicate;

/**
 * Something that code may not call, read, construct or refer to by {@code ::}.
 *
 * @param instead what to use; a refusal that offers nothing teaches nothing
 */
record Ban(String instead, Predicate<AccessTarget> target) {

    static Ban methods(String instead, Class<?> owner, String... names) {
        return new Ban(instead, target -> isOwnedBy(target, owner) && isNamed(target, names));
    }

    /** Every constructor, method and field of the class itself. */
    static Ban type(String instead, String className) {
        return new Ban(instead, target -> target.getOwner().getName().equals(className));
    }

    static Ban constructor(String instead, Class<?> type) {
        return new Ban(
                instead,
                target -> target.getOwner().isEquivalentTo(type)
                        && target.getName().equals("<init>"));
    }

    /** The constructor without parameters, which takes its seed from the world. */
    static Ban seedlessConstructor(String instead, Class<?> type) {
        return new Ban(
                instead,
                target -> target.getOwner().isEquivalentTo(type)
                        && target.getName().equals("<init>")
                        && parameters(target).isEmpty());
    }

    /** Methods with fewer than {@code enough} parameters (but at least one). */
    static Ban shortOf(int enough, String instead, Class<?> owner, String... names) {
        return new Ban(
                instead,
                target -> isOwnedBy(target, owner)
                        && isNamed(target, names)
                        && !parameters(target).isEmpty()
                        && parameters(target).size() < enough);
    }

    /** Types of {@code target}'s parameters; empty for a field. */
    static List<String> parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget unit
                ? unit.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    static boolean isOwnedBy(AccessTarget target, Class<?> owner) {
        return target.getOwner().isAssignableTo(owner);
    }

    static boolean isNamed(AccessTarget target, String... names) {
        return List.of(names).contains(target.getName());
    }

    /** Fails for each access of a class to something banned. */
    static ArchCondition<JavaClass> obey(List<Ban> bans) {
        return new ArchCondition<>("use nothing that is banned") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    for (Ban ban : bans) {
                        if (ban.target().test(access.getTarget())) {
                            events.add(SimpleConditionEvent.violated(
                                    access, access.getDescription() + ": instead, " + ban.instead()));
                        }
                    }
                }
            }
        };
    }
}
