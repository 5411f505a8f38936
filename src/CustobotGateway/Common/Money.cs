namespace CustobotGateway.Common;

/// <summary>An amount of money.</summary>
/// <param name="Amount">Whole minor units of the currency: 24900 is 249.00 USD, 500 is 500 JPY.</param>
/// <param name="Currency">ISO 4217 alphabetic code, upper case.</param>
public sealed record Money(long Amount, string Currency);
