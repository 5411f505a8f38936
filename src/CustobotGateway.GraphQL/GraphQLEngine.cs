using System.Buffers;
using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Limits;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL;

/// <summary>
/// Answers requests: finds or prepares the document, admits it, executes it, writes the response. Thread-safe; one for a process, for any
/// number of schemas.
/// </summary>
/// <param name="documents">Where prepared documents are kept.</param>
public sealed class GraphQLEngine(DocumentCache documents)
{
    /// <summary>Executes a query or mutation and writes the response as JSON (spec §6, §7).</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more; nothing was written.</exception>
    public ValueTask<ExecutionReport> ExecuteAsync(
        Schema schema, GraphQLRequest request, ExecutionOptions options, IBufferWriter<byte> output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var admission = Admit(schema, request, options, isStream: false);
        if (admission.Plan is null)
        {
            return ValueTask.FromResult(Refuse(admission, options, output));
        }
        options.OnAdmitted?.Invoke(admission.Report);
        var executor = new Executor(admission.Plan, admission.Variables!, options, cancellationToken);
        ValueTask run;
        try
        {
            run = executor.RunAsync(options.Root);
            if (run.IsCompletedSuccessfully)
            {
                return ValueTask.FromResult(Finish(executor, admission.Report, options, output));
            }
        }
        catch
        {
            executor.Dispose();
            throw;
        }
        return FinishAsync(run, executor, admission.Report, options, output);
    }

    /// <summary>
    /// Starts a subscription (spec §6.2.3): a response for each event of its source. A request that is refused gives one response, with its
    /// errors, and ends.
    /// </summary>
    /// <remarks>Each response is valid until the next is asked for.</remarks>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> SubscribeAsync(
        Schema schema, GraphQLRequest request, ExecutionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var output = new ArrayBufferWriter<byte>();
        var admission = Admit(schema, request, options, isStream: true);
        if (admission.Plan is null)
        {
            Refuse(admission, options, output);
            yield return output.WrittenMemory;
            yield break;
        }
        options.OnAdmitted?.Invoke(admission.Report);
        if (admission.Report.Operation != OperationKind.Subscription)
        {
            // One operation, one response: streams carry queries and mutations too (GraphQL over SSE, distinct connections).
            await ExecuteAsync(schema, request, options with { OnAdmitted = null }, output, cancellationToken).ConfigureAwait(false);
            yield return output.WrittenMemory;
            yield break;
        }
        var source = new SubscriptionEvents(admission.Plan, admission.Variables!, options, cancellationToken);
        if (source.Error is not null)
        {
            ResponseWriter.Write(output, null, [source.Error], null);
            yield return output.WrittenMemory;
            yield break;
        }
        await using var events = source.Events!.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            output.ResetWrittenCount();
            var next = await SubscriptionEvents.NextAsync(events, options, cancellationToken).ConfigureAwait(false);
            if (next.Error is not null)
            {
                ResponseWriter.Write(output, null, [next.Error], null);
                yield return output.WrittenMemory;
            }
            if (!next.HasEvent)
            {
                yield break;
            }
            options.Values?.BackTo(0);
            using var executor = new Executor(admission.Plan, admission.Variables!, options, cancellationToken);
            await executor.RunAsync(next.Event).ConfigureAwait(false);
            Write(executor, admission.Report, options, output);
            yield return output.WrittenMemory;
        }
    }

    // The order bounds the work: cheap checks refuse what dear ones would be spent on.
    private Admission Admit(Schema schema, GraphQLRequest request, ExecutionOptions options, bool isStream)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new List<GraphQLError>();
        var report = new ExecutionReport(ExecutionStatus.RequestError, null, default, default, false, 0, null, true);
        var document = Find(schema, request.Query.Span, options.Limits, errors, ref report);
        if (document is null)
        {
            return new Admission(null, null, errors, report);
        }
        report = report with { Shape = document.Shape };
        var operation = document.Find(request.OperationName, errors);
        if (operation is null)
        {
            return new Admission(null, null, errors, report);
        }
        report = report with { Operation = operation.Node.Operation };
        CheckKind(schema, operation.Node, options, isStream, errors);
        var variables = errors.Count > 0 ? null : operation.ReadVariables(request.Variables, options.Limits, errors);
        if (variables is null)
        {
            return new Admission(null, null, errors, report);
        }
        report = report with { Cost = operation.ComputeCost(variables, options.Limits, errors) };
        return errors.Count > 0
            ? new Admission(null, null, errors, report)
            : new Admission(operation.Plan(variables), variables, errors, report with { Status = ExecutionStatus.Executed });
    }

    private PreparedDocument? Find(
        Schema schema, ReadOnlySpan<byte> text, OperationLimits limits, List<GraphQLError> errors, ref ExecutionReport report)
    {
        var hash = DocumentHash.Of(text);
        var known = documents.Find(schema, hash);
        if (known is not null && DocumentShape.Fits(known.Shape, limits) && known.Document.TokenCount <= limits.MaxTokens)
        {
            report = report with { IsCached = true };
            return known;
        }
        // A caller with narrower limits than those before is told where the document exceeds them.
        var prepared = PreparedDocument.Prepare(schema, text, limits, errors);
        if (prepared is not null && known is null)
        {
            documents.Add(schema, hash, prepared);
        }
        return prepared;
    }

    private static void CheckKind(Schema schema, OperationNode operation, ExecutionOptions options, bool isStream, List<GraphQLError> errors)
    {
        var message = operation.Operation switch
        {
            OperationKind.Mutation when !options.AllowMutations => "Mutations are not served here; send them by POST.",
            OperationKind.Subscription when !isStream => "Subscriptions are answered as a stream only.",
            var kind when schema.Root(kind) is null => $"Schema is not configured to execute {kind.ToString().ToLowerInvariant()} operation.",
            _ => null,
        };
        if (message is not null)
        {
            errors.Add(new GraphQLError(message, [operation.Location], ErrorCodes.OperationNotAllowed));
        }
    }

    private static ExecutionReport Refuse(Admission admission, ExecutionOptions options, IBufferWriter<byte> output)
    {
        var report = admission.Report with { ErrorCount = admission.Errors.Count, ErrorCode = admission.Errors[0].Code };
        ResponseWriter.Write(output, null, admission.Errors, options.WriteExtensions is { } write ? writer => write(writer, report) : null);
        return report;
    }

    private static async ValueTask<ExecutionReport> FinishAsync(
        ValueTask run, Executor executor, ExecutionReport report, ExecutionOptions options, IBufferWriter<byte> output)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch
        {
            executor.Dispose();
            throw;
        }
        return Finish(executor, report, options, output);
    }

    private static ExecutionReport Finish(Executor executor, ExecutionReport report, ExecutionOptions options, IBufferWriter<byte> output)
    {
        using (executor)
        {
            return Write(executor, report, options, output);
        }
    }

    private static ExecutionReport Write(Executor executor, ExecutionReport report, ExecutionOptions options, IBufferWriter<byte> output)
    {
        report = report with
        {
            ErrorCount = executor.Errors?.Count ?? 0,
            ErrorCode = executor.Errors?[0].Code,
            DataIsNull = executor.Result[0].Kind == ResultKind.Null,
        };
        ResponseWriter.Write(output, executor.Result, executor.Errors, options.WriteExtensions is { } write ? writer => write(writer, report) : null);
        return report;
    }

    private readonly record struct Admission(OperationPlan? Plan, VariableValues? Variables, List<GraphQLError> Errors, ExecutionReport Report);
}
