using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Asks for memory before it is read. What a search reads lies far apart, a cache line here and there, and one read waits for the one before it that
/// says where it is; asked for together, the waits are one. Changes nothing, and nothing happens where the processor knows no such request.
/// </summary>
internal static unsafe class Ahead
{
    /// <summary>The line in which the value lies. It may lie past the end of its array: nothing is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref readonly T value)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in value)));
        }
    }

    /// <summary>The line in which the object begins; null asks for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Object(object? value)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((void*)Unsafe.As<object?, nint>(ref value));
        }
    }
}
