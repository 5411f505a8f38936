namespace CustobotGateway.Search;

/// <summary>What became of a preference of the person behind the agent: a wish that was added to the search, or why none was.</summary>
/// <param name="Preference">JSON Pointer into the grant's preferences. A preference without a threshold stands for several wishes, which step through what was found.</param>
/// <param name="Constraint">The wish as it was added to <c>should</c>, with its weight; null where none was.</param>
/// <param name="Reason">Why it was not applied: <c>unknown_attribute</c>, <c>nothing_to_compare</c>, <c>value_needed</c>, <c>currencies_differ</c>, or the code with which a search refuses the constraint; null where it was.</param>
/// <param name="Detail">The reason in words.</param>
public sealed record AppliedPreference(string Preference, Constraint? Constraint = null, string? Reason = null, string? Detail = null);
