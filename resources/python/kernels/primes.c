/* Counts the primes below n by trial division: what src/engine/workloads/primes.ts does, for ctypes. */

#ifdef _WIN32
__declspec(dllexport)
#endif
int count_primes(int n)
{
    int count = n > 2 ? 1 : 0;
    for (int candidate = 3; candidate < n; candidate += 2) {
        int divisor = 3;
        while (divisor * divisor <= candidate && candidate % divisor != 0)
            divisor += 2;
        if (divisor * divisor > candidate)
            count++;
    }
    return count;
}
