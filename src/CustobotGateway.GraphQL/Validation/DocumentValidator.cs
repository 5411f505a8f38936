using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation.Rules;

namespace CustobotGateway.GraphQL.Validation;

/// <summary>Checks a document against a schema by every rule of spec §5.</summary>
public static class DocumentValidator
{
    private static int[][]? _seenBy;

    /// <summary>What is wrong, in the order of the document; nothing when it is valid. At most 100 errors, then one that says so.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="document">The document.</param>
    /// <param name="maxWork">How much work that grows faster than the document (fields and fragments compared in pairs) may be done.</param>
    public static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, int maxWork = OperationLimits.DefaultMaxValidationWork) =>
        Run(schema, document, maxWork).Errors;

    internal static ValidationContext Run(Schema schema, DocumentNode document, int maxWork)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(document);
        var context = new ValidationContext(schema, document, maxWork);
        try
        {
            var rules = Rules(context);
            new DocumentWalker(context, rules, _seenBy ??= DocumentWalker.Index(rules)).Walk(document);
        }
        catch (ValidationContext.AbortedException)
        {
            // The last error says why.
        }
        return context;
    }

    // In the order in which the reference implementation asks its rules, so that the errors at one node come in the same order.
    private static ValidationRule[] Rules(ValidationContext context) =>
    [
        new ExecutableDefinitions(context),
        new UniqueOperationNames(context),
        new LoneAnonymousOperation(context),
        new SingleFieldSubscriptions(context),
        new KnownTypeNames(context),
        new FragmentsOnCompositeTypes(context),
        new VariablesAreInputTypes(context),
        new ScalarLeafs(context),
        new FieldsOnCorrectType(context),
        new UniqueFragmentNames(context),
        new KnownFragmentNames(context),
        new NoUnusedFragments(context),
        new PossibleFragmentSpreads(context),
        new NoFragmentCycles(context),
        new UniqueVariableNames(context),
        new NoUndefinedVariables(context),
        new NoUnusedVariables(context),
        new KnownDirectives(context),
        new UniqueDirectivesPerLocation(context),
        new KnownArgumentNames(context),
        new UniqueArgumentNames(context),
        new ValuesOfCorrectType(context),
        new ProvidedRequiredArguments(context),
        new VariablesInAllowedPosition(context),
        new OverlappingFieldsCanBeMerged(context),
        new UniqueInputFieldNames(context),
        new MaxIntrospectionDepth(context),
    ];
}
