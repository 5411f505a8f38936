namespace CustobotGateway.Common.OpenApi;

/// <summary>A refusal (RFC 9457). Branch on <c>code</c>: it is stable; the words may change.</summary>
/// <param name="Type"><c>/problems/{code}</c>: a page that says what the refusal means and what to do.</param>
/// <param name="Title">The same words for each refusal of this kind.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened here and what to do next.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Errors">The fields at fault, in wire names.</param>
/// <param name="Remedy">How to get what was refused, where there is a way.</param>
/// <param name="RetryAfter">Seconds after which the same request may succeed; also in Retry-After.</param>
/// <param name="TraceId">Finds the request in the gateway's log; with status 500 and above.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<FieldError>? Errors, Remedy? Remedy, int? RetryAfter, string? TraceId);
