using System.Text.Json;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Limits;

namespace CustobotGateway.GraphQL;

/// <summary>A request (GraphQL over HTTP §5), whatever carried it.</summary>
public sealed record GraphQLRequest
{
    /// <summary>The document in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Query { get; init; }

    /// <summary>Which operation of the document; may be null where there is one.</summary>
    public string? OperationName { get; init; }

    /// <summary>A JSON object in UTF-8, or nothing.</summary>
    public ReadOnlyMemory<byte> Variables { get; init; }
}

/// <summary>Under which conditions a request is executed.</summary>
public sealed record ExecutionOptions
{
    /// <summary>What may be asked at most.</summary>
    public OperationLimits Limits { get; init; } = new();

    /// <summary>For resolvers: services, identity.</summary>
    public object? State { get; init; }

    /// <summary>
    /// Where fields that are bound to writers put their values; needed where there are such fields. It has to stay as it is until the response
    /// is written; of a subscription it is emptied for each event.
    /// </summary>
    public IValueBuffer? Values { get; init; }

    /// <summary>The parent of the root fields.</summary>
    public object? Root { get; init; }

    /// <summary>Whether mutations are served; not so where the request came by GET (GraphQL over HTTP §6.2).</summary>
    public bool AllowMutations { get; init; } = true;

    /// <summary>Called once the request is admitted, before anything is executed, with what it can cost; response headers can be set here.</summary>
    public Action<ExecutionReport>? OnAdmitted { get; init; }

    /// <summary>Writes members of the response's <c>extensions</c>.</summary>
    public Action<Utf8JsonWriter, ExecutionReport>? WriteExtensions { get; init; }

    /// <summary>Told of exceptions that resolvers throw and clients do not see, with the field.</summary>
    public Action<Exception, string>? OnError { get; init; }
}

/// <summary>How a request ended.</summary>
public enum ExecutionStatus
{
    /// <summary>Refused before anything was executed; the response has no <c>data</c> (spec §7.1.2, request errors).</summary>
    RequestError,

    /// <summary>Executed; fields may have failed.</summary>
    Executed,
}

/// <summary>What a transport needs to know of a request that was answered.</summary>
/// <param name="Status">Whether it was executed.</param>
/// <param name="Operation">Its kind; null where no operation was found.</param>
/// <param name="Cost">What it could cost; zero where that was not computed.</param>
/// <param name="Shape">What its document asks; zero where that was not measured.</param>
/// <param name="IsCached">Whether the document was known.</param>
/// <param name="ErrorCount">How many errors the response has.</param>
/// <param name="ErrorCode">The first error's code, or null.</param>
/// <param name="DataIsNull">Whether an error took all data away.</param>
public readonly record struct ExecutionReport(
    ExecutionStatus Status, OperationKind? Operation, Cost Cost, Shape Shape, bool IsCached, int ErrorCount, string? ErrorCode, bool DataIsNull);
