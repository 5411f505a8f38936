namespace CustobotGateway.GraphQL;

/// <summary>The values of <c>extensions.code</c> that the engine gives; stable, clients may branch on them.</summary>
public static class ErrorCodes
{
    /// <summary>The text is no GraphQL document.</summary>
    public const string SyntaxError = "GRAPHQL_SYNTAX_ERROR";

    /// <summary>The document does not fit the schema (spec §5).</summary>
    public const string ValidationFailed = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>A variable's value does not fit its type (spec §6.1.2).</summary>
    public const string BadUserInput = "BAD_USER_INPUT";

    /// <summary>No operation, an unknown one, or several without a name (spec §6.1).</summary>
    public const string OperationNotFound = "OPERATION_NOT_FOUND";

    /// <summary>The operation's kind is not served here: a mutation by GET, a subscription without a stream.</summary>
    public const string OperationNotAllowed = "OPERATION_NOT_ALLOWED";

    /// <summary>More tokens than allowed.</summary>
    public const string TokenLimitExceeded = "TOKEN_LIMIT_EXCEEDED";

    /// <summary>Braces, brackets or fragments nested deeper than the parser follows.</summary>
    public const string NestingLimitExceeded = "NESTING_LIMIT_EXCEEDED";

    /// <summary>Fields nested deeper than allowed.</summary>
    public const string DepthLimitExceeded = "DEPTH_LIMIT_EXCEEDED";

    /// <summary>Introspection nested deeper than allowed.</summary>
    public const string IntrospectionDepthLimitExceeded = "INTROSPECTION_DEPTH_LIMIT_EXCEEDED";

    /// <summary>More aliases than allowed, fragments counted wherever they are spread.</summary>
    public const string AliasLimitExceeded = "ALIAS_LIMIT_EXCEEDED";

    /// <summary>More directives than allowed, fragments counted wherever they are spread.</summary>
    public const string DirectiveLimitExceeded = "DIRECTIVE_LIMIT_EXCEEDED";

    /// <summary>More fields than allowed, fragments counted wherever they are spread.</summary>
    public const string FieldLimitExceeded = "FIELD_LIMIT_EXCEEDED";

    /// <summary>Nested lists could have more items than allowed.</summary>
    public const string ListLimitExceeded = "LIST_LIMIT_EXCEEDED";

    /// <summary>The operation's cost, known before it runs, is above the limit.</summary>
    public const string CostLimitExceeded = "COST_LIMIT_EXCEEDED";

    /// <summary>A list asks for exactly one slicing argument.</summary>
    public const string SlicingArgumentRequired = "SLICING_ARGUMENT_REQUIRED";

    /// <summary>More work to validate than allowed.</summary>
    public const string ValidationLimitExceeded = "VALIDATION_LIMIT_EXCEEDED";

    /// <summary>More values in the variables than allowed.</summary>
    public const string VariablesLimitExceeded = "VARIABLES_LIMIT_EXCEEDED";

    /// <summary>The response turned out larger than allowed.</summary>
    public const string ResponseLimitExceeded = "RESPONSE_LIMIT_EXCEEDED";

    /// <summary>A resolver failed; what happened is told to the log alone.</summary>
    public const string InternalError = "INTERNAL_SERVER_ERROR";
}
